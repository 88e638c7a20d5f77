import type { CallOptions } from '../../port.ts';
import type { Resource } from '../client.ts';
import { RefusedError } from '../http/refusal.ts';
import { patchResource } from '../patch.ts';
import { settle } from '../settle.ts';
import type { Site } from '../site.ts';
import { differences, type OverrideProperties } from './override.ts';
import { bootOf } from './place.ts';

export const what = 'set boot device';

/**
 * Writes an override to `place` and reads it back: BMCs answer 200 and keep the old one (bmc-toolbox/bmclib#459). Where
 * the whole is refused, as by HPE (bmc-toolbox/bmclib#318), the mode is left out.
 * @throws BmcError `rejected` when it is refused, or does not stay
 */
export async function writeOverride(
  site: Site,
  place: Resource,
  properties: OverrideProperties,
  call: CallOptions,
): Promise<void> {
  try {
    await writeAndVerify(site, place, properties, call);
  } catch (error) {
    const { BootSourceOverrideMode, ...minimal } = properties;
    if (BootSourceOverrideMode === undefined || !isRefusal(error)) throw error;
    await writeAndVerify(site, await site.client.get(place.path, call), minimal, call);
  }
}

/** Whether the BMC said no to what was written, so that something else may be worth a try. */
export function isRefusal(error: unknown): error is RefusedError {
  return error instanceof RefusedError && (error.kind === 'rejected' || error.kind === 'unsupported');
}

async function writeAndVerify(
  site: Site,
  place: Resource,
  properties: OverrideProperties,
  call: CallOptions,
): Promise<void> {
  const { client, vendor } = site;
  let refused: RefusedError | undefined;
  try {
    await patchResource(client, place, { Boot: properties }, { ...call, what, sendsIfMatch: vendor.sendsIfMatch });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    refused = error;
  }
  const look = async () => differences(bootOf(await client.get(place.path, call)), properties);
  // Some BMCs refuse to be told what is already so.
  const objections = refused ? await look() : await settle(client.exchange.clock, client.settings, look, call);
  if (objections.length === 0) return;
  throw (
    refused ?? client.peer.error('rejected', `${what}: the BMC took it and did not keep it: ${objections.join('; ')}`)
  );
}
