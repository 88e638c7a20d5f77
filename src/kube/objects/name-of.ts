import type { KubeObject, ObjectName } from '../../api/meta/object.ts';

/**
 * What identifies `object` within its kind.
 * @throws TypeError when it has no name (yet)
 */
export function nameOf({ kind, metadata }: KubeObject): ObjectName {
  const { namespace, name } = metadata;
  if (name === undefined) throw new TypeError(`${kind}: metadata.name is missing`);
  return namespace ? { namespace, name } : { name };
}

/** The same of each of several objects. */
export function namesOf(objects: readonly KubeObject[]): ObjectName[] {
  return objects.map(nameOf);
}
