import type { KubeObject } from '../../api/meta/object.ts';
import type { Change } from '../cache/change.ts';

/** Says whether a change is worth a reconcile. */
export type Predicate<T extends KubeObject> = (change: Change<T>) => boolean;

/** The spec changed (or the object came, went, or is being deleted): status writes, ours above all, do not wake anybody. */
export function generationChanged<T extends KubeObject>(change: Change<T>): boolean {
  if (change.type !== 'updated') return true;
  const { object, old } = change;
  return (
    object.metadata.generation !== old.metadata.generation ||
    object.metadata.deletionTimestamp !== old.metadata.deletionTimestamp
  );
}

export function labelsChanged<T extends KubeObject>(change: Change<T>): boolean {
  return change.type !== 'updated' || !sameMap(change.object.metadata.labels, change.old.metadata.labels);
}

export function annotationsChanged<T extends KubeObject>(change: Change<T>): boolean {
  return change.type !== 'updated' || !sameMap(change.object.metadata.annotations, change.old.metadata.annotations);
}

/** True when at least one of `predicates` is. */
export function anyOf<T extends KubeObject>(...predicates: Predicate<T>[]): Predicate<T> {
  return (change) => predicates.some((predicate) => predicate(change));
}

function sameMap(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
