import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkNamespaces } from '../../test/support/network-namespaces.ts';
import { nodeFlags } from '../node-flags.ts';
import { machines, netmask, pxeOptions, relayAddress, serverAddress } from './plan.ts';

/** A server to compare. */
export interface Contestant {
  readonly name: string;
  /** Debian package of a program that may be missing. */
  readonly package?: string;
  /** Program and arguments; writes its files into `folder`. */
  command(folder: string, clients: number): [program: string, ...args: string[]];
}

const capt: Contestant = {
  name: 'capt',
  command: (_, clients) => [
    process.execPath,
    ...nodeFlags,
    fileURLToPath(new URL('capt.ts', import.meta.url)),
    String(clients),
  ],
};

const kea: Contestant = {
  name: 'kea, persistent leases',
  package: 'kea-dhcp4-server',
  command(folder, clients) {
    const file = join(folder, 'kea.json');
    const subnet = {
      id: 1,
      subnet: '10.99.0.0/16',
      pools: [],
      'option-data': [{ name: 'routers', data: serverAddress }],
      'next-server': serverAddress,
      'boot-file-name': 'ipxe.efi',
      reservations: machines(clients).map(({ name, mac, address }) => ({
        'hw-address': mac,
        'ip-address': address,
        hostname: name,
      })),
    };
    const config = {
      Dhcp4: {
        'interfaces-config': { interfaces: ['net0'], 'dhcp-socket-type': 'udp' },
        'lease-database': { type: 'memfile', persist: true, name: join(folder, 'leases.csv'), 'lfc-interval': 0 },
        'multi-threading': { 'enable-multi-threading': true, 'thread-pool-size': 2, 'packet-queue-size': 1024 },
        'host-reservation-identifiers': ['hw-address'],
        'valid-lifetime': 604_800,
        subnet4: [subnet],
        loggers: [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: join(folder, 'kea.log') }] }],
      },
    };
    writeFileSync(file, JSON.stringify(config));
    return ['kea-dhcp4', '-c', file];
  },
};

function dnsmasq(name: string, leases: (folder: string) => string[]): Contestant {
  return {
    name,
    package: 'dnsmasq-base',
    command(folder, clients) {
      const hosts = join(folder, 'hosts');
      const lines = machines(clients).map(({ name: host, mac, address }) => `${mac},${address},${host}`);
      writeFileSync(hosts, `${lines.join('\n')}\n`);
      return [
        'dnsmasq',
        ...['--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--user=root', '--log-facility=/dev/null'],
        ...['--no-ping', '--quiet-dhcp', '--dhcp-authoritative', `--dhcp-lease-max=${2 * clients}`],
        ...[`--dhcp-range=10.99.0.0,static,${netmask},604800`, `--dhcp-hostsfile=${hosts}`, '--dhcp-boot=ipxe.efi'],
        ...leases(folder),
      ];
    },
  };
}

export const contestants: readonly Contestant[] = [
  capt,
  kea,
  dnsmasq('dnsmasq, lease file', (folder) => [`--dhcp-leasefile=${join(folder, 'leases')}`]),
];

/** A server that runs in the namespace `server`. */
export class RunningServer implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(namespaces: NetworkNamespaces, contestant: Contestant, folder: string, clients: number) {
    const [program, args] = namespaces.command('server', ...split(contestant.command(folder, clients)));
    const environment = { ...process.env, KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: folder };
    this.#child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }

  /** CPU time it has used, in seconds. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  get residentMebibytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** What perfdhcp counted. */
export interface Load {
  readonly exchanges: number;
  /** Share of exchanges that were not finished. */
  readonly lost: number;
}

/** Lets perfdhcp begin `rate` exchanges a second, for `seconds`. */
export async function load(
  namespaces: NetworkNamespaces,
  macFile: string,
  rate: number,
  seconds: number,
): Promise<Load> {
  const { output } = await namespaces.run('relay', 'perfdhcp', [
    ...['-4', '-r', String(rate), '-n', String(rate * seconds), '-W', '1000000', '-M', macFile, '-l', relayAddress],
    ...pxeOptions.flatMap((option) => ['-o', option]),
    serverAddress,
  ]);
  const numbers = (label: string) =>
    [...output.matchAll(new RegExp(`^${label}: (\\d+)`, 'gm'))].map((m) => Number(m[1]));
  const [begun = 0] = numbers('sent packets');
  const finished = numbers('received packets')[1];
  if (finished === undefined) throw new Error(`perfdhcp: ${output}`);
  return { exchanges: finished, lost: begun === 0 ? 1 : 1 - finished / begun };
}

function split([program, ...args]: [string, ...string[]]): [string, string[]] {
  return [program, args];
}
