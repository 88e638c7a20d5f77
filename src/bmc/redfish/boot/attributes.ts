import type { BootDevice, BootOverride, BootOverrideState, CallOptions } from '../../port.ts';
import type { Resource } from '../client.ts';
import { at, listAt, textAt } from '../json.ts';
import { pathOf } from '../link.ts';
import { patchResource } from '../patch.ts';
import { settle } from '../settle.ts';
import type { Site } from '../site.ts';
import type { BootAttributes } from '../vendor/vendor.ts';
import { what } from './write.ts';

/** The resource with the boot attributes of a vendor's manager, if there is one. */
export async function bootAttributesOf(site: Site, system: Resource, call: CallOptions): Promise<Resource | undefined> {
  const { bootAttributes } = site.vendor;
  if (bootAttributes === undefined) return undefined;
  for (const manager of await site.managers(system, call)) {
    for (const path of attributePaths(manager, bootAttributes)) {
      const resource = await site.client.get(path, call).catch(() => undefined);
      if (at(resource?.json, 'Attributes', bootAttributes.device) !== undefined) return resource;
    }
  }
  return undefined;
}

function attributePaths(manager: Resource, { links }: BootAttributes): string[] {
  const found = links.flatMap((keys) => listAt(manager.json, ...keys).map((link) => pathOf(textAt(link, '@odata.id'))));
  return [...new Set(found.filter((path) => path !== undefined))].slice(0, 8);
}

/** The override that the attributes make. */
export function overrideOfAttributes(resource: Resource, attributes: BootAttributes): BootOverrideState {
  const value = textAt(resource.json, 'Attributes', attributes.device);
  if (value === undefined || value === attributes.none) return { active: false };
  const entry = Object.entries(attributes.values).find(([, own]) => own === value);
  const once = textAt(resource.json, 'Attributes', attributes.once);
  return {
    active: true,
    persistent: once === attributes.onceValues.always,
    ...(entry === undefined ? {} : { device: entry[0] as BootDevice }),
  };
}

/** Writes the attributes and reads them back. */
export async function writeBootAttributes(
  site: Site,
  resource: Resource,
  value: string,
  { persistent }: BootOverride,
  call: CallOptions,
): Promise<void> {
  const { client, vendor } = site;
  const { bootAttributes } = vendor;
  if (bootAttributes === undefined) return;
  const { device, once, onceValues } = bootAttributes;
  const written: Record<string, string> = {
    [device]: value,
    [once]: persistent ? onceValues.always : onceValues.once,
  };
  await patchResource(client, resource, { Attributes: written }, { ...call, what, sendsIfMatch: vendor.sendsIfMatch });
  const look = async () => {
    const { json } = await client.get(resource.path, call);
    return Object.entries(written).flatMap(([name, wanted]) => {
      const now = textAt(json, 'Attributes', name);
      return now === wanted ? [] : [`${name} is ${now ?? 'absent'}, not ${wanted}`];
    });
  };
  const objections = await settle(client.exchange.clock, client.settings, look, call);
  if (objections.length === 0) return;
  throw client.peer.error('rejected', `${what}: the BMC took it and did not keep it: ${objections.join('; ')}`);
}
