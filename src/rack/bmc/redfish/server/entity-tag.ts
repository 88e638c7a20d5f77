import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { refuse } from '../refusal.ts';

/** The entity tag of a resource as it is. */
export function etagOf(json: JsonObject, { profile, quirks }: VirtualRedfishBmcSettings): string {
  const hash = createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 12);
  return quirks.takesOnlyStrongEtags ? `W/"${hash}"` : profile.etag(hash);
}

/** @throws Refusal when a change may not be made on what `ifMatch` says about the resource */
export function checkPrecondition(
  ifMatch: string | undefined,
  json: JsonObject,
  settings: VirtualRedfishBmcSettings,
): void {
  const { demandsIfMatch, refusesIfMatch, takesOnlyStrongEtags } = settings.quirks;
  if (ifMatch === undefined) {
    if (demandsIfMatch) throw refuse.etag(428);
    return;
  }
  if (refusesIfMatch) throw refuse.etag(412);
  const etag = etagOf(json, settings);
  const wanted = takesOnlyStrongEtags ? etag.replace(/^W\//, '') : etag;
  if (ifMatch !== '*' && ifMatch !== wanted) throw refuse.etag(412);
}
