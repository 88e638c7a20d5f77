import type { PowerAction, PowerState } from '../../port.ts';
import type { Vendor } from '../vendor/vendor.ts';

/** `ResetType`s that do what an action means, best first (DSP2046 ComputerSystem, Reset). */
const usual: Readonly<Record<PowerAction, readonly string[]>> = {
  on: ['On', 'ForceOn', 'PushPowerButton'],
  off: ['ForceOff'],
  soft: ['GracefulShutdown', 'PushPowerButton'],
  cycle: ['PowerCycle', 'ForceRestart'],
  reset: ['ForceRestart', 'PowerCycle'],
};

/**
 * The `ResetType`s to send, best first. A BMC that says what it takes is sent the best of those only.
 * @param allowed what the BMC says it takes; `undefined` when it does not say
 * @returns none when it takes none that would do
 */
export function resetTypesFor(
  action: PowerAction,
  state: PowerState,
  allowed: readonly string[] | undefined,
  vendor: Vendor,
): string[] {
  const order = [...(vendor.resetTypes[action] ?? []), ...usual[action]];
  // The button does the opposite where the machine is not in the state one thinks.
  const pressable = action === 'on' ? state === 'off' : state === 'on';
  const candidates = order.filter((type) => type !== 'PushPowerButton' || pressable);
  return allowed === undefined ? candidates : candidates.filter((type) => allowed.includes(type)).slice(0, 1);
}

/**
 * What `action` comes down to in `state`, or `undefined` when there is nothing to do: BMCs refuse to switch on what is
 * on, and to restart what is off.
 */
export function effectiveAction(action: PowerAction, state: PowerState): PowerAction | undefined {
  if (state === 'on') return action === 'on' ? undefined : action;
  if (state === 'off') return action === 'off' || action === 'soft' ? undefined : 'on';
  return action;
}
