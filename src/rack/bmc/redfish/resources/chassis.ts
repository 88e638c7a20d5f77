import { collection, link, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';

/** The box around the systems (DSP2046 Chassis). */
export function addChassis(
  tree: Tree,
  systems: readonly VirtualSystem[],
  { profile }: VirtualRedfishBmcSettings,
): void {
  const path = `/redfish/v1/Chassis/${profile.chassisId}`;
  tree.set('/redfish/v1/Chassis', { get: () => collection('/redfish/v1/Chassis', 'Chassis', [path]) });
  tree.set(path, {
    get: () =>
      resource(path, 'Chassis.v1_15_0.Chassis', profile.chassisId, 'Chassis', {
        ChassisType: systems.length > 1 ? 'Enclosure' : 'RackMount',
        Manufacturer: profile.manufacturer,
        Model: profile.model,
        AssetTag: '',
        IndicatorLED: 'Off',
        PowerState: 'On',
        Status: { State: 'Enabled', Health: 'OK' },
        Links: {
          ComputerSystems: systems.map((system) => link(system.path)),
          ManagedBy: [link(`/redfish/v1/Managers/${profile.managerId}`)],
        },
      }),
  });
}
