import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';

/** All objects of a kind in the cluster of a kubeconfig file, by a connection for this one question. */
export async function listBy<T extends KubeObject>(kubeconfig: string, resource: Resource<T>): Promise<T[]> {
  const client = connect(loadKubeConfig({ path: kubeconfig }));
  try {
    return (await client.list(resource)).items;
  } finally {
    await client.close();
  }
}
