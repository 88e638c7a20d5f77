/** On Hardware: name of a Template in its namespace to use in place of the built-in one. */
export const templateOverrideAnnotation = 'hardware.tinkerbell.org/capt-template-override';

/** On a TinkerbellMachine, and on the Hardware it holds. */
export const machineFinalizer = 'infrastructure.cluster.x-k8s.io/tinkerbellmachine';
/** What older releases wrote instead; taken off, never put on. */
export const legacyMachineFinalizer = 'tinkerbellmachine.infrastructure.cluster.x-k8s.io';
/** On a TinkerbellCluster. */
export const clusterFinalizer = 'tinkerbellcluster.infrastructure.cluster.x-k8s.io';

/** On a TinkerbellMachine: the installations that failed, as JSON (see `attempts.ts`). */
export const attemptsAnnotation = 'capt.tinkerbell.org/failed-attempts';
/** On a bmc Job or Workflow of a release: UID of the TinkerbellMachine it was made for. */
export const machineUidAnnotation = 'capt.tinkerbell.org/machine-uid';

/** Names of Cluster API. */
export const clusterNameLabel = 'cluster.x-k8s.io/cluster-name';
export const pausedAnnotation = 'cluster.x-k8s.io/paused';
export const managedByKey = 'cluster.x-k8s.io/managed-by';
/** clusterctl puts it on what it is about to delete at the source of a move: never touch such an object. */
export const deleteForMoveAnnotation = 'clusterctl.cluster.x-k8s.io/delete-for-move';
/** While an object has it, `clusterctl move` waits, and gives up after some minutes. */
export const blockMoveAnnotation = 'clusterctl.cluster.x-k8s.io/block-move';
export const clusterGroup = 'cluster.x-k8s.io';
export const infrastructureGroup = 'infrastructure.cluster.x-k8s.io';

/** `tinkerbell://<namespace>/<name>` of the Hardware; equals the Node's. */
export function providerIdOf({ namespace = '', name = '' }: { namespace?: string; name?: string }): string {
  return `tinkerbell://${namespace}/${name}`;
}

/** Namespace and name of the Hardware in a provider ID, `undefined` when it is none of ours. */
export function hardwareOfProviderId(text: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^tinkerbell:\/\/([^/]+)\/([^/]+)$/.exec(text) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
