import type { PowerState } from '../../port.ts';
import { textAt } from '../json.ts';

/**
 * The power state of a System resource (DSP2046 Resource, PowerState). On its way is neither on nor off: who waits for
 * one of them waits on.
 */
export function powerStateOf(system: unknown): PowerState {
  switch (textAt(system, 'PowerState')?.toLowerCase()) {
    case 'on':
    case 'paused':
      return 'on';
    case 'off':
      return 'off';
    default:
      return 'unknown';
  }
}
