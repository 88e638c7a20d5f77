import type { CallOptions } from '../../port.ts';
import { allowableValues } from '../allowable.ts';
import type { RedfishClient, Resource } from '../client.ts';
import { at, type Json, objectOf, textAt, textsAt } from '../json.ts';
import { linkAt } from '../link.ts';

/**
 * Where boot overrides can be written, best first: the settings resource of the system where that has them, since some
 * BMCs take them nowhere else (iDRAC 10) or only say that they do (AMI); else, or after that, the system itself.
 */
export async function bootPlaces(client: RedfishClient, system: Resource, call: CallOptions): Promise<Resource[]> {
  const settings = await settingsOfSystem(client, system, call);
  const hasOverride = textAt(settings?.json, 'Boot', 'BootSourceOverrideTarget') !== undefined;
  return settings !== undefined && hasOverride ? [settings, system] : [system];
}

/** The settings resource of the system (DSP0266 §9.10), if it has one that can be read. */
export async function settingsOfSystem(
  client: RedfishClient,
  system: Resource,
  call: CallOptions,
): Promise<Resource | undefined> {
  const path = linkAt(at(system.json, '@Redfish.Settings'), 'SettingsObject');
  if (path === undefined || path === system.path) return undefined;
  return await client.get(path, call).catch(() => undefined);
}

export function bootOf(resource: Resource): Json {
  return objectOf(resource.json['Boot']);
}

/** The targets that the BMC says it takes: of the place itself, else of the system; iLO 4 has an older name for it. */
export function allowedTargets(place: Resource, system: Resource): string[] | undefined {
  for (const boot of [bootOf(place), bootOf(system)]) {
    const allowed = allowableValues(boot, 'BootSourceOverrideTarget') ?? textsAt(boot, 'BootSourceOverrideSupported');
    if (allowed.length > 0) return allowed;
  }
  return undefined;
}
