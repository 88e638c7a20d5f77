import { BmcError } from '../../bmc-error.ts';
import type { BootOverride, BootOverrideState, CallOptions } from '../../port.ts';
import { allowableValues } from '../allowable.ts';
import type { Resource } from '../client.ts';
import { textAt } from '../json.ts';
import { managerDriveIsLoaded } from '../media/loaded.ts';
import type { Site } from '../site.ts';
import { bootAttributesOf, overrideOfAttributes, writeBootAttributes } from './attributes.ts';
import { type OverrideProperties, overrideOf } from './override.ts';
import { allowedTargets, bootOf, bootPlaces, settingsOfSystem } from './place.ts';
import { chooseBootTarget } from './targets.ts';
import { what, writeOverride } from './write.ts';

/** The override as far as the BMC tells, wherever it keeps it. */
export async function readOverride(site: Site, call: CallOptions): Promise<BootOverrideState> {
  const system = await site.system(call);
  const direct = overrideOf(bootOf(system));
  if (direct.active) return direct;
  const settings = await settingsOfSystem(site.client, system, call);
  const pending = settings === undefined ? direct : overrideOf(bootOf(settings));
  const { bootAttributes } = site.vendor;
  if (pending.active || bootAttributes === undefined) return pending;
  const attributes = await bootAttributesOf(site, system, call);
  return attributes === undefined ? pending : overrideOfAttributes(attributes, bootAttributes);
}

/** Sets the override in the first of the ways of this BMC in which it stays. */
export async function setOverride(site: Site, wanted: BootOverride, call: CallOptions): Promise<void> {
  const override = site.client.settings.neverPersistBootDevice ? { ...wanted, persistent: false } : wanted;
  const system = await site.system(call);
  if (await setByAttributes(site, system, override, { onlyWhereBetter: true }, call)) return;
  let first: unknown;
  for (const place of await bootPlaces(site.client, system, call)) {
    try {
      return await writeOverride(site, place, propertiesOf(site, place, system, override), call);
    } catch (error) {
      if (!(error instanceof BmcError) || (error.kind !== 'rejected' && error.kind !== 'unsupported')) throw error;
      first ??= error;
    }
  }
  if (!(await setByAttributes(site, system, override, { onlyWhereBetter: false }, call))) throw first;
}

/** What to write to `place`: nothing that the BMC says it does not take. */
function propertiesOf(site: Site, place: Resource, system: Resource, override: BootOverride): OverrideProperties {
  const { peer } = site.client;
  const { device, efiBoot, persistent } = override;
  const allowed = allowedTargets(place, system);
  const target = chooseBootTarget(device, efiBoot, allowed, site.vendor);
  if (target === undefined) {
    const takes = allowed === undefined ? '' : `; it takes ${allowed.join(', ')}`;
    throw peer.error('unsupported', `${what}: the BMC has no boot target for ${device}${takes}`);
  }
  const enabled = persistent ? 'Continuous' : 'Once';
  const takes = allowableValues(bootOf(place), 'BootSourceOverrideEnabled');
  if (takes !== undefined && !takes.includes(enabled)) {
    throw peer.error('unsupported', `${what}: the BMC does not take ${enabled}, only ${takes.join(', ')}`);
  }
  const mode = efiBoot ? 'UEFI' : 'Legacy';
  return {
    BootSourceOverrideTarget: target,
    BootSourceOverrideEnabled: enabled,
    ...(takesMode(site, place) ? { BootSourceOverrideMode: mode } : {}),
  };
}

/** Not where the vendor forbids it, nor where `Boot` is there without it (ironcore-dev/metal-operator#985). */
function takesMode(site: Site, place: Resource): boolean {
  const boot = bootOf(place);
  if (!site.vendor.sendsBootMode) return false;
  const isAdvertised =
    textAt(boot, 'BootSourceOverrideMode') !== undefined ||
    allowableValues(boot, 'BootSourceOverrideMode') !== undefined;
  return isAdvertised || Object.keys(boot).length === 0;
}

/**
 * Sets it by the attributes of the vendor's manager.
 * @param onlyWhereBetter only for what the standard way gets wrong: a virtual drive of the manager, where `Cd` means the
 * drive in the machine
 * @returns whether it did
 */
async function setByAttributes(
  site: Site,
  system: Resource,
  override: BootOverride,
  { onlyWhereBetter }: { onlyWhereBetter: boolean },
  call: CallOptions,
): Promise<boolean> {
  const value = site.vendor.bootAttributes?.values[override.device];
  if (value === undefined) return false;
  if (onlyWhereBetter && (override.device !== 'cdrom' || !(await managerDriveIsLoaded(site, system, call))))
    return false;
  const attributes = await bootAttributesOf(site, system, call);
  if (attributes === undefined) return false;
  await writeBootAttributes(site, attributes, value, override, call);
  return true;
}
