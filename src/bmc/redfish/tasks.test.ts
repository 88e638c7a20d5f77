import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { RedfishClient } from './client.ts';
import { FakeHttp, type Script, type ScriptedAnswer } from './fake-http.ts';
import { Exchange } from './http/exchange.ts';
import { settingsOf } from './options.ts';
import { Peer } from './peer.ts';

const call = { signal: new AbortController().signal, what: 'power on' };
const nobody = { headers: () => ({}), renew: async () => false, close: async () => undefined };

function client(script: Script, clock = new FakeClock()) {
  const http = new FakeHttp(script);
  const settings = settingsOf({ taskTimeoutSeconds: 60, taskPollSeconds: 2, requestTimeoutSeconds: 5 });
  const exchange = new Exchange(http, new Peer('bmc', 443), settings, clock);
  return { http, clock, client: new RedfishClient(exchange, nobody, settings) };
}

/** Answers the command by 202, and looks at the task by `looks`, the last again and again. */
function deferred(looks: ScriptedAnswer[], headers: Record<string, string> = { location: '/task/1' }): Script {
  return ({ method }, count) =>
    method === 'POST' ? { status: 202, headers } : looks[Math.min(count, looks.length) - 1];
}

async function run(script: Script, seconds: number) {
  const { http, clock, client: made } = client(script);
  const done = made.post('/act', {}, call).then(
    () => 'done',
    (error: Error & { kind: string }) => `${error.kind}: ${error.message.replace(/^.*power on: /, '')}`,
  );
  await clock.advance(seconds * 1000);
  assert.equal(clock.pending, 0, 'timers are left');
  return { outcome: await done, looks: http.lines.filter((line) => line === 'GET /task/1').length };
}

describe('what a BMC does after it has answered 202', () => {
  const running = { json: { TaskState: 'Running' } };
  const done = { json: { TaskState: 'Completed', TaskStatus: 'OK' } };

  it('is followed until the Task is completed', async () => {
    assert.deepEqual(await run(deferred([running, running, done]), 10), { outcome: 'done', looks: 3 });
  });

  it('is followed until the monitor answers as the command would have', async () => {
    const script = deferred([{ status: 202 }, { status: 202 }, { status: 204 }]);
    assert.deepEqual(await run(script, 10), { outcome: 'done', looks: 3 });
  });

  it('is over when a task that was seen is gone', async () => {
    assert.deepEqual(await run(deferred([running, { status: 404 }]), 10), { outcome: 'done', looks: 2 });
    assert.match((await run(deferred([{ status: 404 }]), 10)).outcome, /^unsupported: HTTP 404/);
  });

  it('fails with the words of the task', async () => {
    const failed = { json: { TaskState: 'Exception', Messages: [{ Message: 'No such image.' }] } };
    const { outcome } = await run(deferred([running, failed]), 10);
    assert.equal(outcome, 'rejected: the task ended as Exception: No such image.');
    const refused = { status: 400, json: { error: { message: 'Refused after all.' } } };
    assert.equal((await run(deferred([refused]), 10)).outcome, 'rejected: HTTP 400: Refused after all.');
  });

  it('is waited for at the pace that the BMC asks for, within reason', async () => {
    const slow = { ...running, headers: { 'retry-after': '5' } };
    assert.equal((await run(deferred([slow, slow, done], { location: '/task/1', 'retry-after': '5' }), 15)).looks, 3);
    const lazy = { ...running, headers: { 'retry-after': '3000' } };
    assert.equal((await run(deferred([lazy, done], { location: '/task/1' }), 12)).looks, 2);
  });

  it('is not waited for for ever', async () => {
    assert.match((await run(deferred([running]), 70)).outcome, /^busy: the BMC's task is still not done after 60 s/);
  });

  it('is done when there is nowhere to look', async () => {
    assert.deepEqual(await run(deferred([], {}), 1), { outcome: 'done', looks: 0 });
  });

  it('is looked for where the body says, when no header does', async () => {
    const script: Script = ({ method }) =>
      method === 'POST' ? { status: 202, json: { '@odata.id': '/task/1', TaskState: 'New' } } : done;
    assert.deepEqual(await run(script, 5), { outcome: 'done', looks: 1 });
  });
});

describe('a request', () => {
  it('has a deadline', async () => {
    const clock = new FakeClock();
    const http = new FakeHttp(() => ({}));
    // It does not even listen to being called off.
    http.send = () => new Promise(() => undefined);
    const exchange = new Exchange(http, new Peer('bmc', 443), settingsOf({ requestTimeoutSeconds: 5 }), clock);
    const sent = exchange.send({ method: 'GET', path: '/x' }, call).catch((error: Error) => error.message);
    await clock.advance(5000);
    assert.equal(await sent, 'BMC bmc:443 (Redfish): GET /x: no answer within 5 s');
    assert.equal(clock.pending, 0);
  });
});
