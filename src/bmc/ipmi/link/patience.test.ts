import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { CommandRefused } from '../command/command-refused.ts';
import { type Patience, patiently } from './patience.ts';

const busy = () => new CommandRefused('busy', 'node busy', 0xc0);

describe('patience with a BMC', () => {
  function rig(answers: (() => string)[], options: Partial<Patience> = {}) {
    const clock = new FakeClock();
    const askedAtMs: number[] = [];
    const left: number[] = [];
    const { signal } = new AbortController();
    const patience = { clock, timeoutMs: 5_000, busyPauseMs: 100, answerMs: 500, signal, ...options };
    const asked = patiently(patience, (timeoutMs) => {
      askedAtMs.push(clock.monotonic());
      left.push(timeoutMs);
      return (async () => (answers.shift() ?? answers.at(-1) ?? fail(busy))())();
    });
    const settled = asked.then(
      (answer) => answer,
      (error: Error) => `${error.name}: ${error.message}`,
    );
    return { clock, askedAtMs, left, settled };
  }

  const fail = (make: () => Error) => () => {
    throw make();
  };

  it('asks a busy one again, later each time, within the time of the command', async () => {
    const { clock, askedAtMs, left, settled } = rig([fail(busy), fail(busy), () => 'done']);
    await clock.advance(1_000);
    assert.equal(await settled, 'done');
    assert.deepEqual(askedAtMs, [0, 100, 300]);
    assert.deepEqual(left, [5_000, 4_900, 4_700]);
  });

  it('gives up while there is still time for an answer', async () => {
    const { clock, askedAtMs, settled } = rig([]);
    await clock.advance(10_000);
    assert.match(await settled, /node busy/);
    assert.deepEqual(askedAtMs, [0, 100, 300, 700, 1_500, 2_300, 3_100, 3_900]);
  });

  it('does not ask again after any other refusal', async () => {
    const { askedAtMs, settled } = rig([fail(() => new CommandRefused('busy', 'updating', 0xd1))]);
    assert.match(await settled, /updating/);
    assert.equal(askedAtMs.length, 1);
  });

  it('ends at once when it is called off', async () => {
    const stop = new AbortController();
    const { clock, askedAtMs, settled } = rig([], { signal: stop.signal });
    await clock.advance(50);
    stop.abort();
    assert.match(await settled, /node busy/);
    assert.deepEqual(askedAtMs, [0]);
  });
});
