import type { ObjectMeta, ObjectName } from '../api/meta/object.ts';
import { ownerNameLabel, ownerNamespaceLabel } from '../api/tinkerbell/v1alpha1/claim-marks.ts';

/** The TinkerbellMachine that holds a Hardware, as its labels say; `undefined` when nobody does. */
export function ownerOf({ metadata }: { metadata: ObjectMeta }): ObjectName | undefined {
  const name = metadata.labels?.[ownerNameLabel];
  if (!name) return undefined;
  const namespace = metadata.labels?.[ownerNamespaceLabel];
  return namespace ? { namespace, name } : { name };
}

/** True when `machine` holds the Hardware. Asked again before everything that touches the host. */
export function holds(machine: ObjectMeta, hardware: { metadata: ObjectMeta }): boolean {
  const owner = ownerOf(hardware);
  return owner !== undefined && owner.name === machine.name && (owner.namespace ?? '') === (machine.namespace ?? '');
}
