import type { PowerAction, PowerState } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import type { Facts, Verdict } from './operation.ts';

type Times = Pick<BmcSettings, 'settleSeconds' | 'unansweredSeconds' | 'restartWatchSeconds'>;

/** What follows from the power state that is read. Pure. */
export function decidePower(action: PowerAction, facts: Facts<PowerState>, times: Times): Verdict {
  return action === 'cycle' || action === 'reset'
    ? decideRestart(action, facts, times)
    : decideLevel(action, facts, times);
}

/** A state that is wanted: it can be compared, and asking for it twice does no harm. */
function decideLevel(
  action: 'on' | 'off' | 'soft',
  { reading, attempt, sinceSeconds }: Facts<PowerState>,
  { settleSeconds, unansweredSeconds }: Times,
): Verdict {
  const wanted = action === 'on' ? 'on' : 'off';
  if (reading === wanted) return done(`the power ${attempt === undefined ? 'was' : 'reads'} ${wanted}`);
  if (attempt === undefined) return { type: 'send' };
  // An operating system that is shutting down may take its time; asking again is for a request that got lost.
  if (action === 'soft' && attempt.taken) return { type: 'wait' };
  const known = attempt.taken || action === 'soft';
  const patience = known ? settleSeconds : Math.min(settleSeconds, unansweredSeconds);
  return reading !== 'unknown' && sinceSeconds >= patience ? { type: 'send' } : { type: 'wait' };
}

/** An event, which leaves the state as it was: it must not happen twice, and reading the state proves little. */
function decideRestart(
  action: 'cycle' | 'reset',
  { reading, attempt, sinceSeconds }: Facts<PowerState>,
  { settleSeconds, restartWatchSeconds }: Times,
): Verdict {
  if (attempt === undefined) return { type: 'send' };
  if (attempt.taken) {
    const watched = sinceSeconds >= restartWatchSeconds;
    return reading === 'on' && watched ? done('the BMC took it, and the power reads on') : { type: 'wait' };
  }
  if (attempt.before === 'on' && reading === 'off') return { type: 'taken' };
  if (attempt.before === 'off' && reading === 'on') return { type: 'taken' };
  if (sinceSeconds < settleSeconds) return { type: 'wait' };
  // It was off and is off: had it come to anything, it would be on. Nothing runs that a second time could hurt.
  if (attempt.before === 'off' && reading === 'off') return { type: 'send' };
  const message =
    `the answer to "${action}" was lost, the power read ${attempt.before} before and reads ${reading} now, ` +
    `which is so whether it was carried out or not`;
  return { type: 'fail', message };
}

function done(message: string): Verdict {
  return { type: 'done', message };
}
