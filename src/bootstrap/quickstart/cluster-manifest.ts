import * as yaml from 'js-yaml';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Clusterctl } from '../capi/clusterctl.ts';

export interface ClusterRequest {
  name: string;
  namespace: string;
  /** With the `v`. */
  kubernetesVersion: string;
  workers: number;
  /** Further variables of `templates/cluster-template.yaml`. */
  variables: Readonly<Record<string, string>>;
}

/** The manifest of a cluster as the real clusterctl makes it from our template. Throws CLUSTERCTL_FAILED. */
export function generateCluster(
  clusterctl: Clusterctl,
  { name, namespace, kubernetesVersion, workers, variables }: ClusterRequest,
  signal?: AbortSignal,
): Promise<string> {
  const args = [
    ...['generate', 'cluster', name, '--infrastructure', `tinkerbell:${clusterctl.release.version}`],
    ...['--target-namespace', namespace, '--kubernetes-version', kubernetesVersion],
    ...['--control-plane-machine-count', '1', '--worker-machine-count', String(workers)],
  ];
  return clusterctl.run(args, variables, signal);
}

/** What a manifest says about the control plane that real Cluster API has to know when no machine runs kubeadm. */
interface KubeadmControlPlane extends KubeObject {
  spec: {
    machineTemplate: { metadata?: { annotations?: Record<string, string> } };
    kubeadmConfigSpec: { clusterConfiguration?: Record<string, unknown> };
  };
}

/**
 * The same cluster for simulated machines, whose API server is there before them: its etcd is somebody else's, and when its
 * certificates expire is told, because it would be asked of a pod that there is not.
 */
export function forSimulatedMachines(manifest: string): string {
  const objects = yaml.loadAll(manifest).filter((object): object is KubeObject => object != null);
  for (const object of objects) {
    if (object.kind !== 'KubeadmControlPlane') continue;
    const { spec } = object as KubeadmControlPlane;
    spec.machineTemplate.metadata = {
      annotations: { 'machine.cluster.x-k8s.io/certificates-expiry': '2099-01-01T00:00:00Z' },
    };
    spec.kubeadmConfigSpec.clusterConfiguration = {
      etcd: {
        external: {
          endpoints: ['https://192.0.2.250:2379'],
          caFile: '/etc/kubernetes/pki/etcd/ca.crt',
          certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
          keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
        },
      },
    };
  }
  return objects.map((object) => `---\n${yaml.dump(object, { lineWidth: 120, noRefs: true })}`).join('');
}
