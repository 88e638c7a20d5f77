import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { encodeCommand, parseMessage, QmpDecoder, QmpMalformed } from './message.ts';

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": []}}';

describe('the messages of QMP', () => {
  it('are told apart', () => {
    assert.deepEqual(parseMessage(greeting), { kind: 'greeting', version: '7.2.22' });
    assert.deepEqual(parseMessage('{"return": {}, "id": 3}'), { kind: 'return', id: 3, value: {} });
    assert.deepEqual(parseMessage('{"id": 4, "error": {"class": "GenericError", "desc": "no"}}'), {
      kind: 'error',
      id: 4,
      class: 'GenericError',
      text: 'no',
    });
    assert.deepEqual(
      parseMessage(
        '{"timestamp": {"seconds": 1}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}',
      ),
      { kind: 'event', name: 'SHUTDOWN', data: { guest: true, reason: 'guest-reset' } },
    );
    assert.deepEqual(parseMessage('{"event": "POWERDOWN"}'), { kind: 'event', name: 'POWERDOWN', data: {} });
  });

  it('are refused when they are none', () => {
    for (const line of [
      '',
      'x',
      '1',
      'null',
      '[]',
      '{}',
      '{"return": {}}',
      '{"event": 1}',
      '{"id": "1", "return": 1}',
    ]) {
      assert.throws(() => parseMessage(line), QmpMalformed, line);
    }
  });

  it('are the same wherever the bytes are cut', () => {
    const text = `${greeting}\r\n{"return": {}, "id": 1}\r\n\r\n{"event": "RESET", "data": {"name": "ü"}}\r\n`;
    const whole = new QmpDecoder().push(Buffer.from(text));
    assert.equal(whole.length, 3);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const decoder = new QmpDecoder();
        const bytes = Buffer.from(text);
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const messages = edges.slice(1).flatMap((to, index) => decoder.push(bytes.subarray(edges[index], to)));
        assert.deepEqual(messages, whole);
      }),
    );
  });

  it('never fail in another way than QmpMalformed, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
          fc.json().map(Buffer.from),
        ),
        (bytes) => {
          try {
            new QmpDecoder().push(Buffer.concat([bytes as Buffer, Buffer.from('\n')]));
          } catch (error) {
            assert.ok(error instanceof QmpMalformed, String(error));
          }
        },
      ),
    );
  });

  it('do not grow without end', () => {
    const decoder = new QmpDecoder();
    const chunk = Buffer.alloc(2 ** 16, 'x');
    assert.throws(() => {
      for (let i = 0; i < 100; i++) decoder.push(chunk);
    }, QmpMalformed);
  });

  it('to QEMU are one line each', () => {
    assert.equal(encodeCommand(7, 'stop'), '{"execute":"stop","arguments":{},"id":7}\n');
    assert.equal(encodeCommand(1, 'x', { a: '\n' }).split('\n').length, 2);
  });
});
