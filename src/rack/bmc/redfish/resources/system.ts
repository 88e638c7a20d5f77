import { type JsonObject, link, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Change, Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { refuse } from '../refusal.ts';
import { changeBoot, describeBoot } from './boot.ts';
import { addParts } from './parts.ts';
import { addReset } from './reset.ts';

/** One system (DSP2046 ComputerSystem). */
export function addSystem(tree: Tree, system: VirtualSystem, settings: VirtualRedfishBmcSettings): void {
  const { profile } = settings;
  const { path } = system;
  tree.set(path, {
    get: () => describe(system, settings),
    patch: (body) => change(system, settings, false, body),
  });
  if (profile.settings) {
    tree.set(`${path}/Settings`, {
      get: () =>
        resource(`${path}/Settings`, 'ComputerSystem.v1_13_0.ComputerSystem', 'Settings', 'Pending settings', {
          Boot: describeBoot(system, settings, true),
        }),
      patch: (body) => change(system, settings, true, body),
    });
  }
  addReset(tree, system, settings);
  addParts(tree, system, settings);
}

function describe(system: VirtualSystem, settings: VirtualRedfishBmcSettings): JsonObject {
  const { profile, quirks } = settings;
  const { path, chassis } = system;
  const state = chassis.powerState();
  const info = `${path}/ResetActionInfo`;
  const type = 'ComputerSystem.v1_13_0.ComputerSystem';
  return resource(path, type, system.id, `${profile.model} ${system.id}`, {
    SystemType: 'Physical',
    Manufacturer: profile.manufacturer,
    Model: profile.model,
    SerialNumber: system.serialNumber,
    UUID: system.uuid,
    AssetTag: '',
    HostName: '',
    BiosVersion: '2.5.4',
    PowerState: { on: 'On', off: 'Off', unknown: 'PoweringOn' }[state],
    Status: { State: 'Enabled', Health: 'OK' },
    IndicatorLED: 'Off',
    Boot: describeBoot(system, settings, false),
    ProcessorSummary: { Count: 2, Model: 'Virtual CPU', Status: { State: 'Enabled', Health: 'OK' } },
    MemorySummary: { TotalSystemMemoryGiB: 64, Status: { State: 'Enabled', Health: 'OK' } },
    Processors: link(`${path}/Processors`),
    Memory: link(`${path}/Memory`),
    [profile.storage]: link(`${path}/${profile.storage}`),
    EthernetInterfaces: link(`${path}/EthernetInterfaces`),
    ...(profile.drivesAt.includes('system') ? { VirtualMedia: link(`${path}/VirtualMedia`) } : {}),
    ...(profile.settings ? { '@Redfish.Settings': { SettingsObject: link(`${path}/Settings`) } } : {}),
    Links: {
      Chassis: [link(`/redfish/v1/Chassis/${profile.chassisId}`)],
      ManagedBy: [link(`/redfish/v1/Managers/${profile.managerId}`)],
    },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${path}/Actions/ComputerSystem.Reset`,
        ...(quirks.onlyActionInfo ? { '@Redfish.ActionInfo': info } : {}),
        ...(quirks.onlyActionInfo || quirks.hidesAllowable
          ? {}
          : { 'ResetType@Redfish.AllowableValues': profile.resetTypes }),
      },
    },
    Oem: profile.oemKey === undefined ? {} : { [profile.oemKey]: {} },
  });
}

function change(
  system: VirtualSystem,
  settings: VirtualRedfishBmcSettings,
  isSettings: boolean,
  body: JsonObject,
): Change {
  const { Boot, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuse.readOnly(unknown);
  if (typeof Boot !== 'object' || Boot === null) throw refuse.value('Boot', Boot);
  return changeBoot(system, settings, isSettings, Boot as JsonObject);
}
