import type { RedfishProfile } from '../profile.ts';
import { generic } from './generic.ts';

/** An enclosure with one BMC for several systems (tinkerbell/rufio#313). */
export const blades: RedfishProfile = {
  ...generic,
  name: 'blades',
  model: 'Enclosure',
  systemIds: ['Blade1', 'Blade2', 'Blade3'],
};
