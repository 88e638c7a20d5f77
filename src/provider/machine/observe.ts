import { Machine } from '../../api/capi/v1beta2/machine.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import { ownerOfKind } from '../../kube/objects/owner-references.ts';
import type { Candidate } from '../claim/predicate.ts';
import { clusterNameLabel } from '../names.ts';
import type { TemplateSource } from '../os-template/template-source.ts';
import type { Facts } from './facts.ts';
import type { MachineCaches } from './machine-caches.ts';

/** Looks everything up that a decision about `machine` needs; costs no request. */
export function observe(
  caches: MachineCaches,
  machine: TinkerbellMachine,
  {
    options,
    templateFor,
    elsewhere,
    nowMs,
  }: Pick<Facts, 'options' | 'elsewhere' | 'nowMs'> & {
    templateFor: TemplateSource;
  },
): Facts {
  const { namespace, labels = {} } = machine.metadata;
  const inNamespace = (name: string): ObjectName => (namespace ? { namespace, name } : { name });
  const reference = ownerOfKind(machine, Machine);
  const owner = reference && caches.owners.get(inNamespace(reference.name));
  const clusterName = labels[clusterNameLabel] ?? owner?.spec?.clusterName;
  const cluster = clusterName === undefined ? undefined : caches.clusters.get(inNamespace(clusterName));
  const infrastructureName = cluster?.spec?.infrastructureRef?.name;
  const infrastructure =
    infrastructureName === undefined ? undefined : caches.infrastructure.get(inNamespace(infrastructureName));
  const template = (name: ObjectName) => caches.templates.get(name);
  return {
    machine,
    owner,
    cluster,
    infrastructure,
    held: caches.hardware.byIndex('byOwner', keyOf(machine.metadata)),
    hardware: (name) => caches.hardware.get(name),
    candidates: () => caches.hardware.list().map((hardware) => candidateOf(caches, hardware)),
    bmc: (name) => caches.bmcs.get(name),
    job: (name) => caches.jobs.get(name),
    template,
    workflow: (name) => caches.workflows.get(name),
    templateFor: (hardware) => templateFor({ machine, owner, infrastructure, hardware, template }),
    elsewhere,
    options,
    nowMs,
  };
}

/** A Hardware with what decides whether it can be taken. */
export function candidateOf(caches: Pick<MachineCaches, 'bmcs' | 'workflows'>, hardware: Hardware): Candidate {
  const { namespace } = hardware.metadata;
  const bmcName = hardware.spec?.bmcRef?.name;
  return {
    hardware,
    bmc:
      bmcName === undefined ? undefined : caches.bmcs.get(namespace ? { namespace, name: bmcName } : { name: bmcName }),
    unfinished: caches.workflows.byIndex('unfinishedOn', keyOf(hardware.metadata)),
  };
}
