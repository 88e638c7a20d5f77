import { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import { Controller } from '../../kube/controller/controller.ts';
import type { ReconcileResult } from '../../kube/controller/reconciler.ts';
import { watch } from '../../kube/controller/watch-source.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { addFinalizer, removeFinalizer } from '../../kube/objects/finalizers.ts';
import { mergePatch } from '../../kube/objects/merge-patch.ts';
import { ownerOfKind } from '../../kube/objects/owner-references.ts';
import { type CacheScope, type MachineCaches, machineCaches } from '../machine/machine-caches.ts';
import { conditionsWith } from '../machine/status.ts';
import { clusterFinalizer, clusterNameLabel, infrastructureGroup } from '../names.ts';
import { type ClusterStep, decideCluster } from './decide-cluster.ts';

export interface ClusterControllerOptions extends CacheScope {
  concurrency?: number;
  /** Longest time between two looks at a cluster. Default 600. */
  resyncSeconds?: number;
  clock?: Clock;
}

const maxSteps = 10;

/** Adds the controller that reports the bare-metal side of clusters to Cluster API. */
export function addClusterController(manager: Manager, options: ClusterControllerOptions = {}): void {
  manager.add(({ client }) => {
    const caches = machineCaches(manager, options);
    const reconciler = new ClusterReconciler(client, caches, options);
    return new Controller({
      name: 'tinkerbellcluster',
      concurrency: options.concurrency ?? 10,
      reconcile: (name, { signal }) => reconciler.reconcile(name, signal),
      watches: [
        watch(caches.infrastructure),
        watch(caches.clusters, { map: infrastructureOf }),
        // The last machine that goes lets the cluster go.
        watch(caches.machines, {
          map: ({ metadata }) => {
            const name = metadata.labels?.[clusterNameLabel];
            const cluster = name && caches.clusters.get(inNamespace(metadata.namespace, name));
            return cluster ? infrastructureOf(cluster) : [];
          },
          predicates: [({ type }) => type === 'deleted'],
        }),
      ],
    });
  });
}

class ClusterReconciler {
  readonly #client: Client;
  readonly #caches: MachineCaches;
  readonly #clock: Clock;
  readonly #resyncSeconds: number;

  constructor(
    client: Client,
    caches: MachineCaches,
    { clock = systemClock, resyncSeconds = 600 }: ClusterControllerOptions,
  ) {
    this.#client = client;
    this.#caches = caches;
    this.#clock = clock;
    this.#resyncSeconds = resyncSeconds;
  }

  async reconcile(name: ObjectName, signal: AbortSignal): Promise<ReconcileResult | undefined> {
    for (let steps = 0; steps < maxSteps; steps++) {
      const infrastructure = this.#caches.infrastructure.get(name);
      if (infrastructure === undefined) return undefined;
      const step = decideCluster({ infrastructure, ...this.#look(infrastructure) });
      if (step === undefined) return undefined;
      if (await this.#perform(infrastructure, step, signal)) return { requeueAfterSeconds: this.#resyncSeconds };
    }
    throw new Error(`TinkerbellCluster ${keyOf(name)} took ${maxSteps} steps without coming to rest`);
  }

  #look(infrastructure: TinkerbellCluster): { cluster: Cluster | undefined; machines: number } {
    const { namespace, labels = {} } = infrastructure.metadata;
    const clusterName = ownerOfKind(infrastructure, Cluster)?.name ?? labels[clusterNameLabel];
    if (clusterName === undefined) return { cluster: undefined, machines: 0 };
    const name = inNamespace(namespace, clusterName);
    const machines = this.#caches.machines.byIndex('byCluster', keyOf(name)).length;
    return { cluster: this.#caches.clusters.get(name), machines };
  }

  /** @returns true when there is nothing more to do */
  async #perform(object: TinkerbellCluster, step: ClusterStep, signal: AbortSignal): Promise<boolean> {
    const { namespace, name = '', uid } = object.metadata;
    const key = inNamespace(namespace, name);
    switch (step.kind) {
      case 'addFinalizer':
        await addFinalizer(this.#client, TinkerbellCluster, object, clusterFinalizer, { signal });
        return false;
      case 'removeFinalizer':
        await removeFinalizer(this.#client, TinkerbellCluster, object, clusterFinalizer, { signal });
        return false;
      case 'setPort': {
        const spec = { controlPlaneEndpoint: { port: step.port } };
        await this.#client.mergePatch(TinkerbellCluster, key, { metadata: { uid }, spec }, { signal });
        return false;
      }
      case 'rest': {
        const conditions = conditionsWith(object, { ...step, aspects: [] }, this.#clock.now());
        const status = { ...object.status, ...step.status, conditions };
        const change = mergePatch({ status: object.status ?? {} }, { status });
        if (change === undefined) return true;
        const patch = { ...change, metadata: { uid } };
        await this.#client
          .mergePatch(TinkerbellCluster, key, patch, { subresource: 'status', signal })
          .catch(unlessGone);
        return true;
      }
    }
  }
}

function infrastructureOf({ metadata, spec }: Cluster): ObjectName[] {
  const { apiGroup, kind, name } = spec?.infrastructureRef ?? {};
  if (apiGroup !== infrastructureGroup || kind !== TinkerbellCluster.kind || name === undefined) return [];
  return [inNamespace(metadata.namespace, name)];
}

function inNamespace(namespace: string | undefined, name: string): ObjectName {
  return namespace ? { namespace, name } : { name };
}

function unlessGone(error: unknown): undefined {
  if (!isReason(error, 'NotFound')) throw error;
  return undefined;
}
