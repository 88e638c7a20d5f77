import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { whileProgressing } from './progressing.ts';

describe('waiting for something that moves', () => {
  /** Time that passes only by waiting. */
  function limits() {
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      async sleep(ms: number) {
        nowMs += ms;
      },
    };
    return { stalledSeconds: 10, mostSeconds: 100, everySeconds: 1, clock };
  }

  it('goes on as long as it moves, and ends with it', async () => {
    let looks = 0;
    const check = async () => assert.ok(++looks >= 50, `after ${looks} looks`);
    await whileProgressing(check, () => String(Math.floor(looks / 9)), limits());
    assert.equal(looks, 50);
  });

  it('gives up when nothing has moved for long, and when it moves for ever', async () => {
    for (const [state, seconds] of [
      [() => 'the same', 12],
      [(looks: number) => String(looks), 102],
    ] as const) {
      let looks = 0;
      const never = async () => assert.fail(`look ${++looks}`);
      await assert.rejects(
        whileProgressing(never, () => state(looks), limits()),
        { message: `look ${seconds}` },
      );
    }
  });
});
