import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { Malformed } from '../codec/reader.ts';
import type { DatagramListener, DatagramPort } from './datagram-port.ts';
import { type Question, Wire } from './wire.ts';

class ScriptedPort implements DatagramPort {
  readonly sent: Buffer[] = [];
  listener: DatagramListener = { received: () => undefined, failed: () => undefined };
  listen(listener: DatagramListener): void {
    this.listener = listener;
  }
  send(datagram: Buffer): void {
    this.sent.push(datagram);
  }
  close(): void {}
}

function rig() {
  const clock = new FakeClock();
  const port = new ScriptedPort();
  const wire = new Wire(port, { clock, repeatAfterMs: 1000, peer: 'BMC x' });
  let count = 0;
  const question: Question<string> = {
    name: 'question',
    datagram: () => Buffer.of(++count),
    answer: (datagram) => (datagram.length > 3 ? datagram.toString() : undefined),
    timeoutMs: 10_000,
  };
  return { clock, port, wire, question };
}

describe('a wire', () => {
  it('repeats a question after 1, 2, 4 and 4 s, and gives up after 10', async () => {
    const { clock, port, wire, question } = rig();
    const asked = wire.ask(question).catch((error: unknown) => error);
    const sent: number[] = [];
    for (let second = 0; second <= 10; second++) {
      if (port.sent.length > sent.length) sent.push(second);
      await clock.advance(1000);
    }
    assert.deepEqual(sent, [0, 1, 3, 7]);
    const error = (await asked) as Error & { kind: string };
    assert.equal(error.kind, 'unreachable');
    assert.equal(error.message, 'BMC x: question: no answer within 10 s');
    assert.equal(clock.pending, 0);
  });

  it('takes the first answer and leaves nothing behind', async () => {
    const { clock, port, wire, question } = rig();
    const { signal } = new AbortController();
    const asked = wire.ask({ ...question, signal });
    port.listener.received(Buffer.from('x'));
    port.listener.received(Buffer.from('answer'));
    port.listener.received(Buffer.from('another'));
    assert.equal(await asked, 'answer');
    assert.equal(clock.pending, 0);
    assert.equal(port.sent.length, 1);
  });

  it('goes on waiting after garbage', async () => {
    const { port, wire, question } = rig();
    const answer = (datagram: Buffer) => {
      if (datagram[0] === 0xff) throw new Malformed('garbage');
      return question.answer(datagram);
    };
    const asked = wire.ask({ ...question, answer });
    for (let i = 0; i < 1000; i++) port.listener.received(Buffer.of(0xff, i & 0xff));
    port.listener.received(Buffer.from('answer'));
    assert.equal(await asked, 'answer');
  });

  it('ends a question when its caller gives up, before and after it was sent', async () => {
    const { clock, port, wire, question } = rig();
    const controller = new AbortController();
    const asked = wire.ask({ ...question, signal: controller.signal });
    controller.abort(new Error('shutting down'));
    const expected = { kind: 'unreachable', message: 'BMC x: question: given up: shutting down' };
    await assert.rejects(asked, expected);
    await assert.rejects(wire.ask({ ...question, signal: controller.signal }), expected);
    assert.equal(port.sent.length, 1);
    assert.equal(clock.pending, 0);
  });

  it('ends a question when the network says no, and asks the next one all the same', async () => {
    const { port, wire, question } = rig();
    const asked = wire.ask(question);
    port.listener.failed(new Error('ECONNREFUSED'));
    await assert.rejects(asked, { kind: 'unreachable', message: 'BMC x: ECONNREFUSED' });
    const again = wire.ask(question);
    port.listener.received(Buffer.from('answer'));
    assert.equal(await again, 'answer');
  });
});
