import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { PowerAction, PowerState } from '../../port.ts';
import { generic } from '../vendor/generic.ts';
import { effectiveAction, resetTypesFor } from './reset-types.ts';

describe('the reset type', () => {
  const table: [PowerAction, PowerState, string[] | undefined, string | undefined][] = [
    ['on', 'off', undefined, 'On'],
    ['on', 'off', ['ForceOn', 'ForceOff'], 'ForceOn'],
    ['on', 'off', ['PushPowerButton'], 'PushPowerButton'],
    ['on', 'unknown', ['PushPowerButton'], undefined],
    ['off', 'on', undefined, 'ForceOff'],
    ['off', 'on', ['GracefulShutdown', 'PushPowerButton'], undefined],
    ['soft', 'on', undefined, 'GracefulShutdown'],
    ['soft', 'on', ['On', 'PushPowerButton'], 'PushPowerButton'],
    ['soft', 'unknown', ['PushPowerButton'], undefined],
    ['cycle', 'on', ['ForceRestart', 'PowerCycle'], 'PowerCycle'],
    ['cycle', 'on', ['ForceRestart'], 'ForceRestart'],
    ['cycle', 'on', ['On', 'ForceOff'], undefined],
    ['reset', 'on', ['PowerCycle', 'ForceRestart'], 'ForceRestart'],
    ['reset', 'on', ['PowerCycle'], 'PowerCycle'],
    ['reset', 'on', ['GracefulRestart'], undefined],
  ];
  for (const [action, state, allowed, type] of table) {
    it(`for ${action} while ${state} is ${type ?? 'none'} of ${allowed?.join(', ') ?? 'what is not said'}`, () => {
      assert.equal(resetTypesFor(action, state, allowed, generic)[0], type);
    });
  }

  it('may be another for a vendor', () => {
    const odd = { ...generic, resetTypes: { cycle: ['FullPowerCycle'] } };
    assert.deepEqual(resetTypesFor('cycle', 'on', ['PowerCycle', 'FullPowerCycle'], odd), ['FullPowerCycle']);
  });

  it('is tried one after another only where the BMC does not say what it takes', () => {
    assert.deepEqual(resetTypesFor('cycle', 'on', undefined, generic), ['PowerCycle', 'ForceRestart']);
    assert.deepEqual(resetTypesFor('cycle', 'on', ['ForceRestart', 'PowerCycle'], generic), ['PowerCycle']);
  });
});

describe('what a power action comes down to', () => {
  const table: [PowerAction, PowerState, PowerAction | undefined][] = [
    ['on', 'on', undefined],
    ['on', 'off', 'on'],
    ['off', 'off', undefined],
    ['soft', 'off', undefined],
    ['cycle', 'off', 'on'],
    ['reset', 'off', 'on'],
    ['cycle', 'on', 'cycle'],
    ['reset', 'on', 'reset'],
    ['off', 'unknown', 'off'],
    ['on', 'unknown', 'on'],
  ];
  for (const [action, state, effective] of table) {
    it(`is ${effective ?? 'nothing'} for ${action} while ${state}`, () =>
      assert.equal(effectiveAction(action, state), effective));
  }
});
