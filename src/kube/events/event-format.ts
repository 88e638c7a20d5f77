import { randomBytes } from 'node:crypto';
import type { ObjectReference } from '../../api/core/object-reference.ts';
import type { KubeObject } from '../../api/meta/object.ts';

const maxNoteBytes = 1024;
const maxNameLength = 253;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** `metav1.MicroTime`. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

/** What the API allows as a note: cut between two characters, with a sign that it was. */
export function cutNote(note: string): string {
  const bytes = Buffer.from(note, 'utf8');
  if (bytes.length <= maxNoteBytes) return note;
  let end = maxNoteBytes - Buffer.byteLength('…');
  // Bytes of the form 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** A name nobody else uses that tells whose event it is, as far as the name of that object may be part of a name. */
export function eventName(regarding: string, nowMs: number): string {
  const suffix = `.${nowMs.toString(16)}${randomBytes(4).toString('hex')}`;
  const prefix = regarding.slice(0, maxNameLength - suffix.length).replace(/[^a-z0-9]+$/, '');
  // RBAC objects, for one, have names with colons.
  return subdomain.test(prefix) ? prefix + suffix : `event${suffix}`;
}

export function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    ...(namespace ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
