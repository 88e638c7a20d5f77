import type { JsonObject } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Change } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { Refusal, refuse } from '../refusal.ts';

/** `Boot` of a system or of its settings. */
export function describeBoot(
  system: VirtualSystem,
  settings: VirtualRedfishBmcSettings,
  isSettings: boolean,
): JsonObject {
  const { profile, quirks } = settings;
  const { BootSourceOverrideMode: mode, ...override } = system.boot.properties();
  // What waits in the settings does not show on the system yet.
  const shown =
    isSettings || quirks.bootOnlyInSettings !== 'refuses' ? override : { BootSourceOverrideEnabled: 'Disabled' };
  const hides = quirks.hidesAllowable;
  return {
    ...shown,
    ...(hides ? {} : { [profile.bootTargetsProperty]: profile.bootTargets }),
    ...(profile.hasBootMode
      ? {
          BootSourceOverrideMode: mode,
          ...(hides ? {} : { 'BootSourceOverrideMode@Redfish.AllowableValues': ['UEFI', 'Legacy'] }),
        }
      : {}),
  };
}

/** A PATCH of `Boot`. */
export function changeBoot(
  system: VirtualSystem,
  settings: VirtualRedfishBmcSettings,
  isSettings: boolean,
  change: JsonObject,
): Change {
  const { quirks, profile } = settings;
  if (quirks.bootOnlyInAttributes) throw refuse.readOnly('Boot');
  if (!isSettings && quirks.bootOnlyInSettings === 'refuses') throw refuse.readOnly('Boot');
  const unknown = Object.keys(change).find((name) => !/^BootSourceOverride(Enabled|Target|Mode)$/.test(name));
  if (unknown !== undefined || (!profile.hasBootMode && 'BootSourceOverrideMode' in change)) {
    throw new Refusal({
      status: 400,
      id: 'PropertyUnknown',
      message: `The property ${unknown ?? 'BootSourceOverrideMode'} is not in the list of valid properties.`,
    });
  }
  if (quirks.refusesBootMode && 'BootSourceOverrideMode' in change) throw refuse.readOnly('BootSourceOverrideMode');
  const prepared = system.boot.prepare(change);
  const isIgnored = (!isSettings && quirks.bootOnlyInSettings === 'ignores') || settings.faults.silentSuccess;
  const reverted = quirks.revertsBoot ? system.boot.prepare({ BootSourceOverrideEnabled: 'Disabled' }) : undefined;
  const apply = isIgnored ? () => undefined : (reverted ?? prepared);
  return { apply, status: 200, deferrable: true };
}
