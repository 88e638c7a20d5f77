import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const hardware = {
  metadata: { name: 'machine-1', namespace: 'capt' },
  spec: {
    disks: [{ device: '/dev/nvme0n1' }],
    interfaces: [
      {
        dhcp: {
          mac: '02:00:00:00:00:0A',
          hostname: 'machine-1',
          vlan_id: '30',
          name_servers: ['192.0.2.53', '198.51.100.53'],
          ip: { address: '192.0.2.5', netmask: '255.255.255.0', gateway: '192.0.2.1' },
        },
        netboot: { allowPXE: true, allowWorkflow: true },
      },
    ],
    metadata: { instance: { id: '02:00:00:00:00:0a', hostname: 'machine-1' } },
  },
};

const cloudConfig = [
  'datasource:',
  '  Ec2:',
  '    metadata_urls: ["http://192.0.2.2:7172", "http://192.0.2.3:7172"]',
  '    strict_id: false',
  'manage_etc_hosts: localhost',
  'warnings:',
  '  dsid_missing_source: off',
].join('\n');

const workflow = {
  name: 'machine-1',
  device_1: '02:00:00:00:00:0a',
  image: 'http://192.0.2.2:8080/ubuntu-24.04.raw.gz',
  proxy: 'http://192.0.2.9:3128',
  noProxy: ['192.0.2.2', '192.0.2.3', 'localhost'],
  files: [
    {
      name: 'disable cloud-init network capabilities',
      path: '/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg',
      contents: 'network: {config: disabled}',
    },
    { name: 'add cloud-init config', path: '/etc/cloud/cloud.cfg.d/10_tinkerbell.cfg', contents: cloudConfig },
    { name: 'add cloud-init ds config', path: '/etc/cloud/ds-identify.cfg', contents: 'datasource: Ec2', mode: '0644' },
  ],
  hardware,
};

const nodes = Array.from({ length: 100 }, (_, i) => ({
  name: `node-${i}`,
  on: i % 7 !== 0,
  labels: { rack: `r${i % 10}`, row: 'a', 'topology.kubernetes.io/zone': `z${i % 3}`, disk: '' },
  addresses: [`192.0.2.${i}`, `198.51.100.${i}`],
}));

/** A template with its data. */
export interface Case {
  readonly name: string;
  readonly template: string;
  readonly data: unknown;
}

const read = (name: string, data: unknown): Case => ({
  name,
  template: readFileSync(join(import.meta.dirname, `${name}.gotmpl`), 'utf8'),
  data,
});

/** One action; an installation as EKS Anywhere's templates do it; loops over a hundred maps; mostly calls of sprig. */
export const cases: readonly Case[] = [
  read('small', workflow),
  read('ubuntu', workflow),
  read('loops', { nodes }),
  read('sprig', {}),
];
