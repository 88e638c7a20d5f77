import { homedir } from 'node:os';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubeConfigSource } from '../kubeconfig-source.ts';

/** What the `capt hardware` commands have in common. */
export interface ClusterFlags {
  kubeconfig?: string;
  namespace?: string;
}

export interface ClusterContext {
  readonly client: Client;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** Runs `work` against the API server that the flags, the environment and the kubeconfig mean, as kubectl would. */
export async function withCluster<T>(flags: ClusterFlags, work: (context: ClusterContext) => Promise<T>): Promise<T> {
  const config = loadKubeConfig(kubeConfigSource(flags.kubeconfig, process.env, homedir()));
  const client = connect(config, { userAgent: 'capt', fieldManager: 'capt-inventory' });
  using interrupt = catchInterrupts();
  try {
    return await work({
      client,
      namespace: flags.namespace ?? config.namespace ?? 'default',
      signal: interrupt.signal,
    });
  } finally {
    await client.close();
  }
}
