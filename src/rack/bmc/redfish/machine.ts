import type { Chassis } from '../chassis.ts';
import type { RedfishProfile } from './profile.ts';
import type { RedfishQuirks } from './quirks.ts';
import { Bay } from './state/bay.ts';
import { BootState } from './state/boot-state.ts';

/** One system that the BMC serves. */
export interface VirtualSystem {
  id: string;
  /** `/redfish/v1/Systems/…` */
  path: string;
  uuid: string;
  serialNumber: string;
  chassis: Chassis;
  boot: BootState;
  bay: Bay;
}

export function virtualSystem(
  id: string,
  index: number,
  chassis: Chassis,
  profile: RedfishProfile,
  quirks: RedfishQuirks,
): VirtualSystem {
  const number = String(index + 1).padStart(12, '0');
  return {
    id,
    path: `/redfish/v1/Systems/${id}`,
    uuid: `38947555-7742-3448-3784-${number}`,
    serialNumber: `VIRTUAL-${index + 1}`,
    chassis,
    boot: new BootState(chassis, profile),
    bay: new Bay(chassis, profile.drives, quirks),
  };
}
