import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import { Secret } from '../../api/core/secret.ts';
import type { Client } from '../../kube/client/client.ts';

/** Bootstrap data for a host, or why there is none. Secret: belongs in no message and no log. */
export type BootstrapData =
  | { userDataFor(providerID: string): { userData: string } | { problem: string } }
  | { problem: string };

/** What fits into a Hardware besides everything else: objects of more than 1.5 MiB are refused by etcd. */
const maxSizeBytes = 1024 * 1024;

/**
 * Reads the bootstrap data of a Machine from its Secret. For a host the provider ID stands in it in place of the literal
 * `PROVIDER_ID`, which is how kubeadm's kubelet learns it.
 */
export async function readBootstrapData(
  client: Client,
  owner: Machine | undefined,
  signal: AbortSignal,
): Promise<BootstrapData> {
  const name = owner?.spec?.bootstrap.dataSecretName;
  const { namespace } = owner?.metadata ?? {};
  if (name === undefined || namespace === undefined) return { problem: 'the Machine has no bootstrap data yet' };
  const secret = await client.find(Secret, { namespace, name }, { signal });
  if (secret === undefined) return { problem: `Secret ${namespace}/${name} with the bootstrap data does not exist` };
  const encoded = secret.data?.['value'];
  if (encoded === undefined)
    return { problem: `Secret ${namespace}/${name} has no key "value" with the bootstrap data` };
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return {
    userDataFor(providerID) {
      const userData = text.replaceAll('PROVIDER_ID', providerID);
      const sizeBytes = Buffer.byteLength(userData);
      if (sizeBytes <= maxSizeBytes) return { userData };
      return {
        problem: `the bootstrap data in Secret ${namespace}/${name} is ${sizeBytes} bytes, more than the ${maxSizeBytes} that Hardware can hold`,
      };
    },
  };
}
