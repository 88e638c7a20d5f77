import { KubeConfig } from '@kubernetes/client-node';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { Client, type ClientOptions } from './client.ts';
import { CredentialsSource } from './credentials.ts';
import { HttpTransport, type Transport } from './transport.ts';

export interface KubeConfigSource {
  /** A kubeconfig file; absent means the one of the pod this process runs in. */
  path?: string;
  /** Default: the file's current context. */
  context?: string;
}

/**
 * Reads a kubeconfig, or the service account of the pod.
 * @throws CaptError KUBECONFIG_UNREADABLE, KUBECONFIG_INCOMPLETE
 */
export function loadKubeConfig({ path, context }: KubeConfigSource): KubeConfig {
  const config = new KubeConfig();
  const name = path ?? 'of the service account';
  try {
    if (path === undefined) config.loadFromCluster();
    else config.loadFromFile(path);
    if (context !== undefined) config.setCurrentContext(context);
  } catch (error) {
    throw new CaptError('KUBECONFIG_UNREADABLE', { path: name, cause: messageOf(error) }, { cause: error });
  }
  if (!config.getCurrentCluster()?.server || config.getCurrentUser() === null) {
    throw new CaptError('KUBECONFIG_INCOMPLETE', { path: name, context: config.getCurrentContext() || '(none)' });
  }
  return config;
}

/** The connection that a kubeconfig describes. */
export function transportOf(config: KubeConfig): Transport {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new TypeError('the kubeconfig has no current cluster');
  return new HttpTransport({
    server: cluster.server,
    credentials: new CredentialsSource(config),
    ...(cluster.proxyUrl ? { proxyUrl: cluster.proxyUrl } : {}),
  });
}

/** A client for the cluster that a kubeconfig describes. */
export function connect(config: KubeConfig, options: ClientOptions = {}): Client {
  return new Client(transportOf(config), options);
}
