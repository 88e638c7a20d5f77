import { join } from 'node:path';
import type { Layout } from '../layout.ts';

export interface EtcdFlags {
  layout: Layout;
  clientPort: number;
  peerPort: number;
  /** Faster, and loses data when the machine (not the process) dies: for tests. */
  unsafeNoFsync: boolean;
}

/** Command line of etcd: one member, loopback only, and nobody without a certificate of its own authority. */
export function etcdFlags({ layout, clientPort, peerPort, unsafeNoFsync }: EtcdFlags): string[] {
  const client = `https://127.0.0.1:${clientPort}`;
  const peer = `https://127.0.0.1:${peerPort}`;
  const pki = (file: string) => join(layout.pki, file);
  return [
    '--name=default',
    `--data-dir=${layout.data}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--client-cert-auth=true',
    `--trusted-ca-file=${pki('etcd-ca.crt')}`,
    `--cert-file=${pki('etcd.crt')}`,
    `--key-file=${pki('etcd.key')}`,
    '--peer-client-cert-auth=true',
    `--peer-trusted-ca-file=${pki('etcd-ca.crt')}`,
    `--peer-cert-file=${pki('etcd.crt')}`,
    `--peer-key-file=${pki('etcd.key')}`,
    ...(unsafeNoFsync ? ['--unsafe-no-fsync=true'] : []),
  ];
}
