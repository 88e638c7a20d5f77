import type { CallOptions } from '../../port.ts';
import type { Resource } from '../client.ts';
import { at, objectOf, textAt } from '../json.ts';
import { linkAt, pathOf } from '../link.ts';
import { patchResource } from '../patch.ts';
import type { Site } from '../site.ts';
import { decoded } from './image-url.ts';

/** The image configuration of older Supermicro boards: host and path are written, then mounted by an action. */
export interface IsoConfig {
  resource: Resource;
  mount: string;
  unmount: string | undefined;
}

const what = 'insert virtual media';

/** The configuration that a manager of the system links to, beside its virtual drives. */
export async function findIsoConfig(site: Site, call: CallOptions): Promise<IsoConfig | undefined> {
  const system = await site.system(call);
  for (const manager of await site.managers(system, call)) {
    const collection = linkAt(manager.json, 'VirtualMedia');
    const drives = collection && (await site.client.get(collection, call).catch(() => undefined));
    for (const owner of [drives || undefined, manager]) {
      for (const path of configPaths(owner)) {
        const config = isoConfigOf(await site.client.get(path, call).catch(() => undefined));
        if (config !== undefined) return config;
      }
    }
  }
  return undefined;
}

function configPaths(owner: Resource | undefined): string[] {
  const oems = Object.values(objectOf(owner?.json['Oem']));
  return oems.map((oem) => linkAt(oem, 'VirtualMediaConfig')).filter((path) => path !== undefined);
}

function isoConfigOf(resource: Resource | undefined): IsoConfig | undefined {
  const target = (name: string) => pathOf(textAt(at(resource?.json, 'Actions', name), 'target'));
  const mount = target('#IsoConfig.Mount');
  if (resource === undefined || mount === undefined) return undefined;
  return { resource, mount, unmount: target('#IsoConfig.UnMount') };
}

/** @throws BmcError `unsupported` for a URL that has no host */
export async function mountImage(site: Site, config: IsoConfig, url: string, call: CallOptions): Promise<void> {
  const { client, vendor } = site;
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === '') {
    throw client.peer.error('unsupported', `${what}: this BMC takes images only from a host`);
  }
  // Mounting over a mounted image fails on some boards, and so does unmounting when there is none on others.
  await unmountImage(site, config, call).catch(() => undefined);
  const body = {
    Host: `${parsed.protocol}//${parsed.host}`,
    Path: parsed.pathname + parsed.search,
    Username: decoded(parsed.username),
    Password: decoded(parsed.password),
  };
  await patchResource(client, config.resource, body, { ...call, what, sendsIfMatch: vendor.sendsIfMatch });
  await client.post(config.mount, {}, { ...call, what });
}

export async function unmountImage(site: Site, { unmount }: IsoConfig, call: CallOptions): Promise<void> {
  if (unmount !== undefined) await site.client.post(unmount, {}, { ...call, what: 'eject virtual media' });
}
