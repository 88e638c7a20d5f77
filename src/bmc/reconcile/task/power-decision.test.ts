import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { PowerAction, PowerState } from '../../port.ts';
import type { Attempt } from './attempt.ts';
import { decidePower } from './power-decision.ts';

const times = { settleSeconds: 60, unansweredSeconds: 15, restartWatchSeconds: 10 };

function verdict(action: PowerAction, reading: PowerState, attempt?: Partial<Attempt>, sinceSeconds = 0): string {
  const made = attempt && { count: 1, at: '2026-01-01T00:00:00.000Z', before: 'off', ...attempt };
  return decidePower(action, { reading, attempt: made, sinceSeconds }, times).type;
}

describe('what to do about the power', () => {
  const rows: [string, string, ReturnType<typeof verdict>][] = [
    ['sends nothing to a machine that is on already', verdict('on', 'on'), 'done'],
    ['sends "on" to one that is off', verdict('on', 'off'), 'send'],
    ['sends "on" where the BMC does not tell', verdict('on', 'unknown'), 'send'],
    ['does not cut what is off', verdict('off', 'off'), 'done'],
    ['is not done before it reads so', verdict('off', 'on', { taken: true }, 5), 'wait'],
    ['asks again when the state had time to settle', verdict('off', 'on', { taken: true }, 60), 'send'],
    ['gives it time to settle', verdict('off', 'on', { taken: true }, 59), 'wait'],
    ['asks again sooner when nobody knows whether it arrived', verdict('on', 'off', {}, 15), 'send'],
    ['but not at once', verdict('on', 'off', {}, 14), 'wait'],
    ['does not ask again where nothing can be read', verdict('off', 'unknown', { taken: true }, 600), 'wait'],
    ['finds done what a crash left unrecorded', verdict('on', 'on', {}), 'done'],
    ['gives an operating system its time', verdict('soft', 'on', { taken: true }, 500), 'wait'],
    ['asks an operating system again when the request got lost', verdict('soft', 'on', {}, 60), 'send'],
    ['restarts', verdict('cycle', 'on'), 'send'],
    ['watches a restart for a while', verdict('cycle', 'on', { before: 'on', taken: true }, 9), 'wait'],
    ['is done when the power is back', verdict('cycle', 'on', { before: 'on', taken: true }, 10), 'done'],
    ['is not done while the power is off', verdict('cycle', 'off', { before: 'on', taken: true }, 100), 'wait'],
    ['knows by the gap that a restart arrived', verdict('reset', 'off', { before: 'on' }, 1), 'taken'],
    ['knows by the power that a restart arrived', verdict('cycle', 'on', { before: 'off' }, 1), 'taken'],
    ['waits before it judges', verdict('cycle', 'on', { before: 'on' }, 59), 'wait'],
    ['never restarts twice what may have restarted', verdict('cycle', 'on', { before: 'on' }, 60), 'fail'],
    ['restarts again what never came on', verdict('cycle', 'off', { before: 'off' }, 60), 'send'],
    ['does not guess from what was not known', verdict('reset', 'on', { before: 'unknown' }, 60), 'fail'],
  ];
  for (const [name, got, wanted] of rows) it(name, () => assert.equal(got, wanted));
});
