/**
 * Our DHCP server beside kea-dhcp4 and dnsmasq, in one run, in a network namespace: relayed DISCOVER, OFFER, REQUEST, ACK of
 * UEFI machines with a reservation each, by perfdhcp. `CLIENTS=10000 BENCH_ROUNDS=3 npm run bench:dhcp`. Needs root and
 * the Debian packages kea-admin, kea-dhcp4-server and dnsmasq-base.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NetworkNamespaces } from '../test/support/network-namespaces.ts';
import { type Contestant, contestants, load, RunningServer } from './dhcp/contestant.ts';
import { machines, relayAddress, serverAddress } from './dhcp/plan.ts';

const clients = Number(process.env.CLIENTS ?? 10_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Where the CPU time is measured: all can carry it, or nearly. */
const calmRate = Number(process.env.RATE ?? 1000);
const rates = [250, 500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000, 12_000];
const seconds = 3;
const warmSeconds = 10;
const mostLost = 0.001;

interface Figures {
  carried: number;
  cpuPerThousand: number;
  residentMebibytes: number;
}

const reason = NetworkNamespaces.unavailable();
if (reason !== undefined) fail(reason);
using namespaces = new NetworkNamespaces();
namespaces.add('server');
namespaces.add('relay');
namespaces.connect('server', { address: `${serverAddress}/16` }, 'relay', { address: `${relayAddress}/16` });
await checkPrograms();

const folder = mkdtempSync(join(tmpdir(), 'capt-bench-dhcp-'));
try {
  const macFile = join(folder, 'macs');
  writeFileSync(
    macFile,
    machines(clients)
      .map(({ mac }) => `${mac}\n`)
      .join(''),
  );
  const results = new Map<Contestant, Figures[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round++) {
    // By turns, so that a busy moment of the machine hits all.
    for (const contestant of contestants) results.get(contestant)?.push(await measure(contestant, macFile));
  }
  process.stdout.write(table(results));
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(contestant: Contestant, macFile: string): Promise<Figures> {
  const own = mkdtempSync(join(folder, 'server-'));
  await using server = new RunningServer(namespaces, contestant, own, clients);
  await answers(contestant, macFile);
  // Warm: most leases were given before, and what compiles while it runs has done so.
  await load(namespaces, macFile, calmRate, warmSeconds);
  const before = server.cpuSeconds;
  const { exchanges } = await load(namespaces, macFile, calmRate, seconds);
  const cpuPerThousand = ((server.cpuSeconds - before) / exchanges) * 1000;
  let carried = 0;
  for (const rate of rates) {
    // A moment in which the machine did something else is no limit of the server.
    const tries = [await load(namespaces, macFile, rate, seconds)];
    if ((tries[0]?.lost ?? 1) > mostLost) tries.push(await load(namespaces, macFile, rate, seconds));
    if (!tries.some(({ lost }) => lost <= mostLost)) break;
    carried = rate;
  }
  return { carried, cpuPerThousand, residentMebibytes: server.residentMebibytes };
}

async function answers(contestant: Contestant, macFile: string): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const { exchanges } = await load(namespaces, macFile, 10, 1);
    if (exchanges > 0) return;
    await setTimeout(250);
  }
  throw new Error(`${contestant.name} does not answer`);
}

async function checkPrograms(): Promise<void> {
  const needed = new Map<string, string>([['perfdhcp', 'kea-admin']]);
  for (const contestant of contestants) {
    if (contestant.package !== undefined) needed.set(contestant.command(tmpdir(), 0)[0], contestant.package);
  }
  const missing: string[] = [];
  for (const [program, debian] of needed) {
    const { code } = await namespaces.run('server', 'sh', ['-c', `command -v ${program}`]);
    if (code !== 0) missing.push(debian);
  }
  if (missing.length > 0) fail(`install the Debian packages ${[...new Set(missing)].join(' ')} to compare with`);
}

function table(results: Map<Contestant, Figures[]>): string {
  const medians = [...results].map(([{ name }, figures]) => ({
    name,
    carried: median(figures.map(({ carried }) => carried)),
    cpu: median(figures.map(({ cpuPerThousand }) => cpuPerThousand)),
    memory: median(figures.map(({ residentMebibytes }) => residentMebibytes)),
  }));
  const ours = medians[0];
  const lines = medians.map(({ name, carried, cpu, memory }) => {
    const [speed, cost] = [(ours?.carried ?? 0) / carried, (ours?.cpu ?? 0) / cpu].map((ratio) =>
      Number.isFinite(ratio) ? ratio.toFixed(2) : '–',
    );
    return `| ${name} | ${carried} | ${speed} | ${cpu.toFixed(3)} | ${cost} | ${memory.toFixed(0)} |`;
  });
  return [
    `${clients} reservations, median of ${rounds} rounds, CPU at ${calmRate} exchanges/s`,
    '| server | exchanges/s with at most 0.1 % lost | capt / it | CPU s per 1,000 | capt / it | RSS MiB |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function fail(problem: string): never {
  process.stderr.write(`bench:dhcp: ${problem}\n`);
  process.exit(1);
}
