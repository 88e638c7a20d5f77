import { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import { Secret } from '../../api/core/secret.ts';
import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import { type Resource, resourceName } from '../../api/meta/resource.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { ColumnName } from '../csv/columns.ts';
import type { HardwareRow } from '../csv/row.ts';
import { hasBmc, newMachine, newSecret, updatedMachine, updatedSecret } from '../objects/bmc.ts';
import { newHardware, updatedHardware } from '../objects/hardware.ts';

/** One object that a file wants. */
export interface Target<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  readonly name: Required<ObjectName>;
  /** The object when there is none. */
  create(): T;
  /** What is to become of the one that is there; the same when nothing is. */
  update(existing: T): { object: T; held?: readonly string[] };
}

/** The objects of a row, in the order in which they must be written: what is referred to comes first. */
export function targetsOf(row: HardwareRow, columns: ReadonlySet<ColumnName>, namespace: string): Target[] {
  const hardware: Target<Hardware> = {
    resource: Hardware,
    name: { namespace, name: row.hostname },
    create: () => newHardware(row, namespace),
    update: (existing) => {
      const { hardware: object, held } = updatedHardware(existing, row, columns);
      return { object, held };
    },
  };
  if (!hasBmc(row)) return [hardware as unknown as Target];
  const secret = newSecret(row, namespace);
  const machine = newMachine(row, namespace);
  const targets = [
    {
      resource: Secret,
      name: { namespace, name: secret.metadata.name ?? '' },
      create: () => secret,
      update: (existing: Secret) => ({ object: updatedSecret(existing, row) }),
    },
    {
      resource: Machine,
      name: { namespace, name: machine.metadata.name ?? '' },
      create: () => machine,
      update: (existing: Machine) => ({ object: updatedMachine(existing, row, namespace) }),
    },
    hardware,
  ];
  return targets as unknown as Target[];
}

/** `hardware.tinkerbell.org/node-1`, as kubectl calls an object. */
export function describeTarget({ resource, name }: Pick<Target, 'resource' | 'name'>): string {
  return `${resource.group === '' ? resource.kind.toLowerCase() : singular(resource)}/${name.name}`;
}

function singular(resource: Resource): string {
  return resourceName(resource).replace(resource.plural, resource.kind.toLowerCase());
}
