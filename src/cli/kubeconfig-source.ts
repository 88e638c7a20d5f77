import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeConfigSource } from '../kube/client/kubeconfig.ts';

/**
 * Which kubeconfig a command means: the one it was given, that of `KUBECONFIG`, that of the pod it runs in, or the
 * user's own.
 */
export function kubeConfigSource(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
  home: string,
): KubeConfigSource {
  const path = given ?? (environment['KUBECONFIG'] || undefined);
  if (path !== undefined) return { path };
  const own = join(home, '.kube', 'config');
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host && port) return { inCluster: { host, port } };
  // Named even when it is not there: the message then says where it was looked for.
  return existsSync(own) || !host ? { path: own } : {};
}
