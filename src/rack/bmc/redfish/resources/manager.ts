import { collection, type JsonObject, link, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { addBootAttributes, bootAttributesPath } from './boot-attributes.ts';
import { addDrives, isoConfigPath } from './drives.ts';

/** The manager, which is the BMC itself (DSP2046 Manager). */
export function addManager(tree: Tree, systems: readonly VirtualSystem[], settings: VirtualRedfishBmcSettings): void {
  const { profile } = settings;
  const path = `/redfish/v1/Managers/${profile.managerId}`;
  tree.set('/redfish/v1/Managers', { get: () => collection('/redfish/v1/Managers', 'Manager', [path]) });
  tree.set(path, { get: () => describe(path, systems, settings) });
  for (const system of systems) {
    const owners = { system: system.path, manager: path };
    for (const owner of profile.drivesAt) addDrives(tree, system, owners[owner], settings);
    if (profile.bootAttributes) addBootAttributes(tree, system, path, settings);
  }
}

function describe(path: string, systems: readonly VirtualSystem[], { profile }: VirtualRedfishBmcSettings): JsonObject {
  const { oemKey } = profile;
  const attributes =
    profile.bootAttributes && oemKey ? { [oemKey]: { DellAttributes: [link(bootAttributesPath(path))] } } : {};
  const config = profile.isoConfig && oemKey ? { [oemKey]: { VirtualMediaConfig: link(isoConfigPath(path)) } } : {};
  return resource(path, 'Manager.v1_10_0.Manager', profile.managerId, 'Manager', {
    ManagerType: 'BMC',
    Manufacturer: profile.manufacturer,
    FirmwareVersion: profile.firmwareVersion,
    UUID: '92384634-2938-2342-8820-489239905423',
    Status: { State: 'Enabled', Health: 'OK' },
    PowerState: 'On',
    ...(profile.drivesAt.includes('manager') ? { VirtualMedia: link(`${path}/VirtualMedia`) } : {}),
    Links: {
      ManagerForServers: systems.map((system) => link(system.path)),
      ManagerForChassis: [link(`/redfish/v1/Chassis/${profile.chassisId}`)],
      Oem: attributes,
    },
    Oem: { ...(oemKey === undefined ? {} : { [oemKey]: {} }), ...config },
  });
}
