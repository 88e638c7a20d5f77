import { Job } from '../../api/bmc/v1alpha1/job.ts';
import { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import { Machine } from '../../api/capi/v1beta2/machine.ts';
import { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Cache } from '../../kube/cache/cache.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { Manager, OtherServer } from '../../kube/manager/manager.ts';
import { clusterNameLabel } from '../names.ts';
import { ownerOf } from '../owner.ts';
import { endOf } from './workflow-end.ts';

/** What the machine controller looks at. */
export interface MachineCaches {
  machines: Cache<TinkerbellMachine>;
  owners: Cache<Machine>;
  clusters: Cache<Cluster>;
  infrastructure: Cache<TinkerbellCluster>;
  hardware: Cache<Hardware>;
  bmcs: Cache<BmcMachine>;
  jobs: Cache<Job>;
  templates: Cache<Template>;
  workflows: Cache<Workflow>;
}

export interface CacheScope {
  /** Look at this namespace only. Default: all. */
  namespace?: string;
  /** Only TinkerbellMachines with `cluster.x-k8s.io/watch-filter` of this value. */
  watchFilter?: string;
  /** Where Tinkerbell's objects are. Default: where those of Cluster API are. */
  tinkerbell?: TinkerbellServer;
}

/** Another API server with Hardware, Templates, Workflows, bmc Machines and Jobs. */
export interface TinkerbellServer extends OtherServer {
  /** Look at this namespace only. Default: all. */
  namespace?: string;
}

const watchFilterLabel = 'cluster.x-k8s.io/watch-filter';

/** TinkerbellMachines by the Cluster they belong to. */
const byCluster = ({ metadata }: TinkerbellMachine) => {
  const name = metadata.labels?.[clusterNameLabel];
  return name === undefined ? [] : [keyOf({ namespace: metadata.namespace, name })];
};
/** TinkerbellMachines that have no Hardware yet, under one key. */
const waiting = ({ metadata, spec }: TinkerbellMachine) =>
  spec?.hardwareName || metadata.deletionTimestamp !== undefined ? [] : [''];
/** Hardware by the TinkerbellMachine that holds it; unowned under the empty key. */
const byOwner = (hardware: Hardware) => {
  const owner = ownerOf(hardware);
  return [owner === undefined ? '' : keyOf(owner)];
};
/** Hardware by its bmc Machine. */
const byBmc = ({ metadata, spec }: Hardware) =>
  spec?.bmcRef === undefined ? [] : [keyOf({ namespace: metadata.namespace, name: spec.bmcRef.name })];
/** Workflows that have not finished, by their Hardware. */
const unfinishedOn = (workflow: Workflow) =>
  workflow.spec?.hardwareRef && endOf(workflow) === undefined
    ? [keyOf({ namespace: workflow.metadata.namespace, name: workflow.spec.hardwareRef })]
    : [];

export function machineCaches(
  manager: Pick<Manager, 'cache'>,
  { namespace, watchFilter, tinkerbell }: CacheScope = {},
): MachineCaches {
  const within = selectionOf(namespace);
  const there = tinkerbell === undefined ? within : { from: tinkerbell, ...selectionOf(tinkerbell.namespace) };
  const labelSelector = watchFilter === undefined ? {} : { labelSelector: `${watchFilterLabel}=${watchFilter}` };
  const chosen = { selection: { ...within.selection, ...labelSelector } };
  return {
    machines: manager.cache(TinkerbellMachine, { ...chosen, indexes: { byCluster, waiting } }),
    owners: manager.cache(Machine, within),
    clusters: manager.cache(Cluster, within),
    infrastructure: manager.cache(TinkerbellCluster, within),
    hardware: manager.cache(Hardware, { ...there, indexes: { byOwner, byBmc } }),
    bmcs: manager.cache(BmcMachine, there),
    jobs: manager.cache(Job, there),
    templates: manager.cache(Template, there),
    workflows: manager.cache(Workflow, { ...there, indexes: { unfinishedOn } }),
  };
}

function selectionOf(namespace: string | undefined): { selection?: { namespace: string } } {
  return namespace === undefined ? {} : { selection: { namespace } };
}

/** The TinkerbellMachine that a Template, Workflow or Job was made for, as its labels say. */
export function toMachine({ metadata }: KubeObject): ObjectName[] {
  const name = metadata.labels?.[machineNameLabel];
  const namespace = metadata.labels?.[machineNamespaceLabel];
  return name === undefined || namespace === undefined ? [] : [{ namespace, name }];
}
