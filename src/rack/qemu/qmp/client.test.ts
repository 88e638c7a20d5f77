import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { QmpClient, QmpError, type QmpEvent } from './client.ts';

const greeting = '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 2, "major": 7}}, "capabilities": []}}\r\n';

function rig() {
  const fromQemu = new PassThrough();
  const toQemu = new PassThrough();
  const clock = new FakeClock();
  const events: QmpEvent[] = [];
  const client = new QmpClient(fromQemu, toQemu, { timeoutMs: 1000, clock, onEvent: (event) => events.push(event) });
  const heard = () => String(toQemu.read() ?? '');
  return { client, clock, events, fromQemu, toQemu, heard };
}

describe('the client of QMP', () => {
  it('waits for the greeting, leaves negotiation mode, and pairs answers by id', async () => {
    const { client, fromQemu, heard } = rig();
    const ready = client.ready();
    fromQemu.write(greeting);
    await turn();
    await turn();
    assert.equal(heard(), '{"execute":"qmp_capabilities","arguments":{},"id":1}\n');
    fromQemu.write('{"return": {}, "id": 1}\r\n');
    assert.equal(await ready, '7.2.0');
    const [one, two] = [client.execute('query-status'), client.execute('query-name', { a: 1 })];
    fromQemu.write('{"return": {"name": "x"}, "id": 3}\r\n{"return": {"running": true}, "id": 2}\r\n');
    assert.deepEqual(await Promise.all([one, two]), [{ running: true }, { name: 'x' }]);
  });

  it('is ready also when the greeting came before anybody asked', async () => {
    const { client, fromQemu } = rig();
    fromQemu.write(greeting);
    await turn();
    const ready = client.ready();
    fromQemu.write('{"return": {}, "id": 1}\n');
    assert.equal(await ready, '7.2.0');
  });

  it('tells events, between answers too', async () => {
    const { client, events, fromQemu } = rig();
    const answer = client.execute('x');
    fromQemu.write('{"event": "SHUTDOWN", "data": {"reason": "guest-reset"}}\n{"return": 1, "id": 1}\n');
    assert.equal(await answer, 1);
    assert.deepEqual(events, [{ name: 'SHUTDOWN', data: { reason: 'guest-reset' } }]);
  });

  it('says which command was refused, and why', async () => {
    const { client, fromQemu } = rig();
    const answer = client.execute('eject');
    fromQemu.write('{"error": {"class": "GenericError", "desc": "is locked"}, "id": 1}\n');
    await assert.rejects(answer, { name: 'QmpError', message: 'eject: is locked (GenericError)' });
  });

  it('waits no longer than it may, and ignores what comes after that', async () => {
    const { client, clock, fromQemu } = rig();
    const [answer, ready] = [client.execute('stop'), client.ready()];
    const failures = Promise.allSettled([answer, ready]);
    await clock.advance(1000);
    for (const failure of await failures) assert.equal(failure.status, 'rejected');
    await assert.rejects(answer, { message: 'stop: no answer within 1 s' });
    await assert.rejects(ready, { message: 'QEMU did not say hello within 1 s' });
    fromQemu.write('{"return": {}, "id": 1}\n{"return": {}, "id": 99}\n');
    await turn();
  });

  for (const [what, end] of [
    ['ends', (stream: PassThrough) => stream.end()],
    ['is killed', (stream: PassThrough) => stream.destroy()],
    ['writes garbage', (stream: PassThrough) => stream.write('garbage\n')],
    ['writes without end', (stream: PassThrough) => stream.write(Buffer.alloc(2 ** 21))],
  ] as const) {
    it(`fails what waits, and what comes later, when QEMU ${what}`, async () => {
      const { client, fromQemu } = rig();
      const both = Promise.allSettled([client.execute('stop'), client.ready()]);
      end(fromQemu);
      for (const outcome of await both) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof QmpError);
      }
      await assert.rejects(client.execute('stop'), QmpError);
      await assert.rejects(client.ready(), QmpError);
    });
  }

  it('does not crash when QEMU no longer listens', async () => {
    const { client, toQemu } = rig();
    const answer = client.execute('stop');
    toQemu.destroy(new Error('write EPIPE'));
    await assert.rejects(answer, /write EPIPE/);
  });
});
