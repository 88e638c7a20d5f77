import type { PowerAction, PowerState } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import type { Operation } from './operation.ts';
import { decidePower } from './power-decision.ts';

const words: Readonly<Record<PowerAction, string>> = {
  on: 'switch the power on',
  off: 'switch the power off',
  soft: 'shut the operating system down',
  cycle: 'switch the power off and on',
  reset: 'reset the machine',
};

export function powerOperation(action: PowerAction, settings: BmcSettings): Operation<PowerState> {
  return {
    what: words[action],
    needs: 'power',
    onceOnly: action === 'soft' || action === 'cycle' || action === 'reset',
    lags: true,
    read: (session, call) => session.powerState(call),
    send: (session, call) => session.power(action, call),
    describe: (reading) =>
      action === 'soft' && reading === 'on'
        ? 'its power still reads on (an operating system that does not shut down)'
        : `its power reads ${reading}`,
    remember: (reading) => reading,
    decide: (facts) => decidePower(action, facts, settings),
  };
}

/** The action `status`: looks, and does nothing. */
export function readPowerOperation(): Operation<PowerState> {
  return {
    what: 'tell its power state',
    needs: 'power',
    onceOnly: true,
    lags: false,
    read: (session, call) => session.powerState(call),
    send: () => Promise.reject(new TypeError('reading the power state sends nothing')),
    describe: (reading) => `its power reads ${reading}`,
    remember: (reading) => reading,
    decide: ({ reading }) => ({ type: 'done', message: `the power reads ${reading}` }),
  };
}
