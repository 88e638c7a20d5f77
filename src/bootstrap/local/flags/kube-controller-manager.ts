import { join } from 'node:path';
import type { Layout } from '../layout.ts';

/**
 * What a management cluster without nodes needs. Cluster API cannot do without any of them: role aggregation gives its
 * core the right to read infrastructure kinds, for one.
 */
export const controllers = [
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'clusterrole-aggregation-controller',
] as const;

export interface ControllerManagerFlags {
  layout: Layout;
  /** Of its health and metrics page, on loopback. */
  port: number;
}

/** Command line of kube-controller-manager. */
export function controllerManagerFlags({ layout, port }: ControllerManagerFlags): string[] {
  const kubeconfig = layout.controllerManagerKubeconfig;
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${join(layout.pki, 'controller-manager.crt')}`,
    `--tls-private-key-file=${join(layout.pki, 'controller-manager.key')}`,
    `--controllers=${controllers.join(',')}`,
    // Each controller acts with the rights of its own role instead of all with the sum of them.
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${join(layout.pki, 'service-accounts.key')}`,
    `--root-ca-file=${join(layout.pki, 'ca.crt')}`,
    // There is only one.
    '--leader-elect=false',
    '--profiling=false',
  ];
}
