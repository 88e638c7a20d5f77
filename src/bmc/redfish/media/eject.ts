import type { CallOptions } from '../../port.ts';
import { patchResource } from '../patch.ts';
import { settle } from '../settle.ts';
import type { Site } from '../site.ts';
import { type Drive, driveOf } from './drive.ts';

const what = 'eject virtual media';

/** Takes the image out of the drive, if there is one, and looks whether it is out. */
export async function ejectImage(site: Site, drive: Drive, call: CallOptions): Promise<void> {
  const { client, vendor } = site;
  const { way, resource } = drive;
  if (!drive.isInserted) return;
  if (way.by === 'patch') {
    const options = { ...call, what, sendsIfMatch: vendor.sendsIfMatch };
    await patchResource(client, resource, { Image: null, Inserted: false }, options);
  } else if (way.eject === undefined) {
    throw client.peer.error('unsupported', `${what}: drive ${drive.id} has no action for it`);
  } else {
    // An empty object, not an empty body: iLO answers 400 or 415 to that.
    await client.post(way.eject, {}, { ...call, what });
  }
  const look = async () => {
    const { isInserted } = driveOf(await client.get(resource.path, call), drive.scope);
    return isInserted ? [`drive ${drive.id} still holds its image`] : [];
  };
  const objections = await settle(client.exchange.clock, client.settings, look, call);
  if (objections.length > 0) throw client.peer.error('rejected', `${what}: the BMC took it, but ${objections[0]}`);
}
