import { BmcError } from '../../bmc-error.ts';
import type { CallOptions, VirtualMedium } from '../../port.ts';
import { settle } from '../settle.ts';
import type { Site } from '../site.ts';
import { type Drive, driveOf, takesKind } from './drive.ts';
import { ejectImage } from './eject.ts';
import { findDrives } from './find-drives.ts';
import { printableUrl, sameImage, secretsIn } from './image-url.ts';
import { insertImage, what } from './insert.ts';
import { findIsoConfig, type IsoConfig, mountImage, unmountImage } from './iso-config.ts';

/** Kinds of media in the words of the port, best first: a drive that takes several is called by the first. */
const kindNames = ['CD', 'DVD', 'USBStick', 'Floppy'];

/** What is in the virtual drives of the system; of its managers where it has none of its own. */
export async function listMedia(site: Site, call: CallOptions): Promise<VirtualMedium[]> {
  const drives = await findDrives(site, call);
  const hasOwn = drives.some(({ scope }) => scope === 'system');
  // The same drives appear in both places on BMCs between the old way and the new; what is in them must not be missed.
  const shown = drives.filter(({ scope, isInserted }) => !hasOwn || scope === 'system' || isInserted);
  const media = shown.map((drive) => ({ kind: kindOf(drive), ...(drive.url === undefined ? {} : { url: drive.url }) }));
  return media.filter(({ url }, index) => url === undefined || media.findIndex((other) => other.url === url) === index);
}

/** Replaces what is in the first drive for `kind` that takes it. */
export async function insertMedium(site: Site, kind: string, url: string, call: CallOptions): Promise<void> {
  const { peer } = site.client;
  for (const secret of secretsIn(url)) peer.keepSecret(secret);
  const drives = await findDrives(site, call);
  const suitable = drives.filter((drive) => takesKind(drive, kind));
  // A drive that can only be changed as such may well be one that cannot be changed at all.
  const order = [
    ...suitable.filter(({ way }) => way.by === 'action'),
    ...suitable.filter(({ way }) => way.by === 'patch'),
  ];
  let first: unknown;
  for (const drive of order) {
    try {
      return await replaceImage(site, drive, url, call);
    } catch (error) {
      if (!(error instanceof BmcError) || error.kind !== 'unsupported') throw error;
      first ??= error;
    }
  }
  const config = takesIso(kind) ? await findIsoConfig(site, call) : undefined;
  if (config !== undefined) return await mountAndVerify(site, config, kind, url, call);
  const kinds = [...new Set(drives.flatMap((drive) => drive.kinds))];
  throw (
    first ??
    peer.error('unsupported', `${what}: no drive for ${kind}${kinds.length ? `, only for ${kinds.join(', ')}` : ''}`)
  );
}

/** Empties every drive for `kind` that is not. */
export async function ejectMedium(site: Site, kind: string, call: CallOptions): Promise<void> {
  const drives = (await findDrives(site, call)).filter((drive) => takesKind(drive, kind));
  let stuck: unknown;
  let ejected = 0;
  for (const drive of drives.filter(({ isInserted }) => isInserted)) {
    try {
      // The other view of a drive that has just been emptied.
      const now = driveOf(await site.client.get(drive.resource.path, call), drive.scope);
      await ejectImage(site, now, call);
      ejected += 1;
    } catch (error) {
      if (!(error instanceof BmcError) || error.kind !== 'unsupported') throw error;
      stuck ??= error;
    }
  }
  if (ejected > 0) return;
  const config = takesIso(kind) && stuck !== undefined ? await findIsoConfig(site, call) : undefined;
  if (config !== undefined) return await unmountImage(site, config, call);
  if (stuck !== undefined) throw stuck;
}

async function replaceImage(site: Site, drive: Drive, url: string, call: CallOptions): Promise<void> {
  const { client } = site;
  await ejectImage(site, drive, call);
  await insertImage(site, drive, url, call);
  await verify(site, url, call, async () => {
    const now = driveOf(await client.get(drive.resource.path, call), drive.scope);
    if (!now.isInserted) return [`drive ${drive.id} is empty`];
    // Many BMCs write the URL in a way of their own, so it only must not be the old one.
    const isOld = now.url !== undefined && now.url === drive.url && !sameImage(now.url, url);
    return isOld ? [`drive ${drive.id} still holds the image from before`] : [];
  });
}

async function mountAndVerify(
  site: Site,
  config: IsoConfig,
  kind: string,
  url: string,
  call: CallOptions,
): Promise<void> {
  await mountImage(site, config, url, call);
  await verify(site, url, call, async () => {
    const drives = await findDrives(site, call);
    return drives.some((drive) => drive.isInserted && takesKind(drive, kind))
      ? []
      : ['no virtual drive holds an image'];
  });
}

/** Inserting takes a while on some BMCs, and on others never happens. */
async function verify(site: Site, url: string, call: CallOptions, look: () => Promise<string[]>): Promise<void> {
  const { client } = site;
  const objections = await settle(client.exchange.clock, client.settings, look, call);
  if (objections.length === 0) return;
  throw client.peer.error('rejected', `${what}: the BMC took ${printableUrl(url)}, but ${objections[0]}`);
}

function takesIso(kind: string): boolean {
  return /^(cd|dvd)$/i.test(kind);
}

function kindOf(drive: Drive): string {
  const found = kindNames.find((name) => drive.kinds.some((own) => own.toLowerCase() === name.toLowerCase()));
  return found ?? drive.kinds[0] ?? 'CD';
}
