import type { Condition } from '../../../src/api/meta/condition.ts';
import type { KubeObject } from '../../../src/api/meta/object.ts';
import type { Resource } from '../../../src/api/meta/resource.ts';

/** Kinds of Cluster API that users write and our services never read. */
interface CapiObject extends KubeObject {
  spec?: Record<string, unknown>;
  status?: { conditions?: Condition[]; initialization?: { controlPlaneInitialized?: boolean }; readyReplicas?: number };
}

function capiKind(group: string, kind: string): Resource<CapiObject> {
  return { group, version: 'v1beta2', kind, plural: `${kind.toLowerCase()}s`, namespaced: true };
}

export const KubeadmControlPlane = capiKind('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane');
export const KubeadmConfig = capiKind('bootstrap.cluster.x-k8s.io', 'KubeadmConfig');
export const KubeadmConfigTemplate = capiKind('bootstrap.cluster.x-k8s.io', 'KubeadmConfigTemplate');
export const MachineHealthCheck = capiKind('cluster.x-k8s.io', 'MachineHealthCheck');
