import type { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import type {
  TinkerbellCluster,
  TinkerbellClusterStatus,
} from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { keyOf } from '../../kube/client/path.ts';
import { hasFinalizer } from '../../kube/objects/finalizers.ts';
import { clusterFinalizer, deleteForMoveAnnotation, managedByKey, pausedAnnotation } from '../names.ts';

/** What is known when the next step of a TinkerbellCluster is decided. */
export interface ClusterFacts {
  infrastructure: TinkerbellCluster;
  /** The Cluster that owns it. */
  cluster: Cluster | undefined;
  /** How many TinkerbellMachines of the cluster there are. */
  machines: number;
}

export type ClusterStep =
  | { kind: 'addFinalizer' }
  | { kind: 'removeFinalizer' }
  /** Complete the endpoint that the user began: without a port it would be no endpoint. */
  | { kind: 'setPort'; port: number }
  | {
      kind: 'rest';
      ready?: { status: 'True' | 'False'; reason: string; message: string };
      status?: Partial<TinkerbellClusterStatus>;
      paused?: string;
    };

const defaultPort = 6443;

/** The next step of a TinkerbellCluster; `undefined` when it must not be touched. Pure. */
export function decideCluster({ infrastructure, cluster, machines }: ClusterFacts): ClusterStep | undefined {
  const { metadata, spec } = infrastructure;
  // Documented as a label, looked up by Cluster API as an annotation: either means hands off.
  if (metadata.annotations?.[managedByKey] !== undefined || metadata.labels?.[managedByKey] !== undefined)
    return undefined;
  if (metadata.annotations?.[deleteForMoveAnnotation] !== undefined) return undefined;
  const paused = pauseOf(infrastructure, cluster);
  if (paused !== undefined) return { kind: 'rest', paused };
  if (metadata.deletionTimestamp !== undefined) return remove(infrastructure, machines);
  if (cluster === undefined) {
    return notReady(
      'WaitingForCluster',
      'no Cluster owns this TinkerbellCluster yet; Cluster API sets its owner reference',
    );
  }
  if (!hasFinalizer(infrastructure, clusterFinalizer)) return { kind: 'addFinalizer' };
  const own = spec?.controlPlaneEndpoint;
  const { host: clusterHost, port: clusterPort } = cluster.spec?.controlPlaneEndpoint ?? {};
  if (own?.host && !own.port) return { kind: 'setPort', port: clusterPort || defaultPort };
  if (!own?.host && !clusterHost) {
    return notReady(
      'WaitingForControlPlaneEndpoint',
      `set spec.controlPlaneEndpoint.host here or on Cluster ${keyOf(cluster.metadata)}: an address that will lead to the API servers`,
    );
  }
  return {
    kind: 'rest',
    ready: { status: 'True', reason: 'Ready', message: '' },
    status: { ready: true, initialization: { provisioned: true } },
  };
}

function remove(infrastructure: TinkerbellCluster, machines: number): ClusterStep | undefined {
  if (!hasFinalizer(infrastructure, clusterFinalizer)) return undefined;
  if (machines === 0) return { kind: 'removeFinalizer' };
  return notReady('Deleting', `${machines} TinkerbellMachines of the cluster are still there`);
}

function pauseOf({ metadata }: TinkerbellCluster, cluster: Cluster | undefined): string | undefined {
  const reasons = [];
  if (cluster?.spec?.paused) reasons.push('Cluster spec.paused is set to true');
  if (metadata.annotations?.[pausedAnnotation] !== undefined) {
    reasons.push(`TinkerbellCluster has the ${pausedAnnotation} annotation`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', ');
}

function notReady(reason: string, message: string): ClusterStep {
  return { kind: 'rest', ready: { status: 'False', reason, message } };
}
