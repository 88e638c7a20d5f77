import type { ObjectName } from '../../api/meta/object.ts';

/** Finds objects by name; a cache, say. */
export interface Lookup<T> {
  get(name: ObjectName): T | undefined;
}
