import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import { frontProxyName, isLoopback, isUnspecified, serviceAddressRange } from '../pki/plan.ts';

export interface ApiServerFlags {
  layout: Layout;
  listenAddress: string;
  port: number;
  etcdClientPort: number;
  /** File that gets a line for every request; absent: there is none. */
  auditLog?: string | undefined;
}

/** Command line of kube-apiserver. */
export function apiServerFlags({ layout, listenAddress, port, etcdClientPort, auditLog }: ApiServerFlags): string[] {
  const pki = (file: string) => join(layout.pki, file);
  return [
    `--bind-address=${listenAddress}`,
    `--secure-port=${port}`,
    // Otherwise it looks for a default route, which a machine (or network namespace) need not have.
    ...(isUnspecified(listenAddress) ? [] : [`--advertise-address=${listenAddress}`]),
    ...(canPublish(listenAddress) ? [] : ['--endpoint-reconciler-type=none']),
    `--etcd-servers=https://127.0.0.1:${etcdClientPort}`,
    `--etcd-cafile=${pki('etcd-ca.crt')}`,
    `--etcd-certfile=${pki('apiserver-etcd-client.crt')}`,
    `--etcd-keyfile=${pki('apiserver-etcd-client.key')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--authentication-config=${layout.authentication}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    `--service-cluster-ip-range=${serviceAddressRange}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('service-accounts.pub')}`,
    `--service-account-signing-key-file=${pki('service-accounts.key')}`,
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    `--requestheader-allowed-names=${frontProxyName}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
    '--profiling=false',
    ...(auditLog === undefined ? [] : auditFlags(layout.auditPolicy, auditLog)),
  ];
}

/** One file of any length (100 GiB): whoever counts requests would miss those of a file that was put aside at 100 MiB. */
function auditFlags(policy: string, log: string): string[] {
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, '--audit-log-maxsize=102400'];
}

/**
 * Whether the address can be the endpoint of the `kubernetes` service: Endpoints hold no loopback addresses, and only
 * those of the same family as the service. Without it the service has none, which only pods would notice.
 */
function canPublish(listenAddress: string): boolean {
  return isIPv4(listenAddress) && !isLoopback(listenAddress);
}

/** Content of the file behind `--authentication-config`: without a certificate or token only health can be asked. */
export function authenticationConfiguration(): object {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }] },
  };
}

/** Content of the file behind `--audit-policy-file`: who asked what and what came of it, but no bodies, which hold Secrets. */
export function auditPolicy(): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  };
}
