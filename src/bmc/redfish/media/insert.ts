import type { CallOptions } from '../../port.ts';
import { actionParameters } from '../allowable.ts';
import { RefusedError } from '../http/refusal.ts';
import { patchResource } from '../patch.ts';
import type { Site } from '../site.ts';
import type { Drive } from './drive.ts';
import { adjustPayload, type InsertPayload, insertPayload, keyOfPayload } from './insert-payload.ts';

export const what = 'insert virtual media';

/** BMCs name one property at a time, and there are four. */
const mostAttempts = 6;

/** Puts an image into an empty drive; when the BMC does not like how it is asked, asks as it likes. */
export async function insertImage(site: Site, drive: Drive, url: string, call: CallOptions): Promise<void> {
  const { client, vendor } = site;
  const { way } = drive;
  const parameters = way.by === 'action' ? await actionParameters(client, way.action, call) : [];
  let payload = insertPayload(url, vendor.insertProperties[way.by], parameters);
  const tried = new Set<string>();
  for (;;) {
    tried.add(keyOfPayload(payload));
    try {
      return await send(site, drive, payload, call);
    } catch (error) {
      const next =
        tried.size < mostAttempts && isAboutThePayload(error)
          ? adjustPayload(payload, url, error.messages, tried)
          : undefined;
      if (next === undefined) throw error;
      payload = next;
    }
  }
}

function isAboutThePayload(error: unknown): error is RefusedError {
  return error instanceof RefusedError && (error.status === 400 || error.status === 422);
}

async function send(site: Site, drive: Drive, payload: InsertPayload, call: CallOptions): Promise<void> {
  const { client, vendor } = site;
  if (drive.way.by === 'action') await client.post(drive.way.insert, payload, { ...call, what });
  else await patchResource(client, drive.resource, payload, { ...call, what, sendsIfMatch: vendor.sendsIfMatch });
}
