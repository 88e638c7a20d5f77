import { authenticationOf } from './authentication.ts';
import { Client, type ClientOptions } from './client.ts';
import { CredentialsSource } from './credentials.ts';
import type { KubeConfig } from './kubeconfig.ts';
import { HttpTransport, type Transport } from './transport.ts';

/** The connection that a kubeconfig describes. */
export function transportOf(config: KubeConfig): Transport {
  const { server, proxyUrl } = config.cluster;
  const credentials = new CredentialsSource(authenticationOf(config));
  return new HttpTransport({ server, credentials, ...(proxyUrl ? { proxyUrl } : {}) });
}

/** A client for the cluster that a kubeconfig describes. */
export function connect(config: KubeConfig, options: ClientOptions = {}): Client {
  return new Client(transportOf(config), options);
}
