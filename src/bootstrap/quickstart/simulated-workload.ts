import { Secret } from '../../api/core/secret.ts';
import { createServingCertificate } from '../../kube/admission/certificate-authority.ts';
import type { Client } from '../../kube/client/client.ts';

export interface WorkloadSecretsOptions {
  namespace: string;
  /** Name of the cluster. */
  name: string;
  /** Content of the kubeconfig of the API server that simulated machines join. */
  kubeconfig: string;
}

/** What a real control plane provider wants to find when the API server of its cluster is there already. */
export async function workloadSecrets({ namespace, name, kubeconfig }: WorkloadSecretsOptions): Promise<Secret[]> {
  const { cert, key, ca } = await createServingCertificate({ hosts: ['192.0.2.250'] });
  const secret = (suffix: string, stringData: Record<string, string>, type: string): Secret => {
    const labels = { 'cluster.x-k8s.io/cluster-name': name };
    const metadata = { namespace, name: `${name}-${suffix}`, labels };
    return { apiVersion: 'v1', kind: 'Secret', metadata, type, stringData };
  };
  return [
    // Of Cluster API's own type it would be adopted and rotated.
    secret('kubeconfig', { value: kubeconfig }, 'Opaque'),
    secret('etcd', { 'tls.crt': ca }, 'cluster.x-k8s.io/secret'),
    secret('apiserver-etcd-client', { 'tls.crt': cert, 'tls.key': key }, 'cluster.x-k8s.io/secret'),
  ];
}

/** Puts them there, or leaves what is there. */
export async function ensureWorkloadSecrets(
  client: Client,
  options: WorkloadSecretsOptions,
  signal?: AbortSignal,
): Promise<void> {
  const call = signal === undefined ? {} : { signal };
  for (const secret of await workloadSecrets(options)) {
    const name = { namespace: options.namespace, name: secret.metadata.name ?? '' };
    if ((await client.find(Secret, name, call)) === undefined) await client.create(Secret, secret, call);
  }
}
