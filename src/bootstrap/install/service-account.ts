import type { KubeObject } from '../../api/meta/object.ts';
import type { Client } from '../../kube/client/client.ts';
import { ServiceAccount } from './known-kinds.ts';

interface TokenRequest extends KubeObject {
  spec: { expirationSeconds: number };
  status?: { token?: string };
}

export interface TokenOptions {
  /** How long the token is good. Default 30 days; the API server may allow less. */
  expirationSeconds?: number;
  signal?: AbortSignal;
}

/** A token that acts as the service account, so that a process has exactly the rights its pod would have. */
export async function serviceAccountToken(
  client: Client,
  { namespace, name }: { namespace: string; name: string },
  { expirationSeconds = 30 * 86_400, signal }: TokenOptions = {},
): Promise<string> {
  const request: TokenRequest = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { namespace, name },
    spec: { expirationSeconds },
  };
  const answer = (await client.create(ServiceAccount, request, {
    subresource: 'token',
    ...(signal ? { signal } : {}),
  })) as TokenRequest;
  if (answer.status?.token === undefined) throw new Error(`no token for service account ${namespace}/${name}`);
  return answer.status.token;
}
