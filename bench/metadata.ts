/**
 * What a request for metadata costs: `capt serve --services metadata` with a real API server behind it, beside nginx with
 * the same answers as files, in one run, by wrk. Needs the programs wrk and nginx.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { kinds } from '../src/api/kinds.ts';
import { Hardware } from '../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../src/bootstrap/install/crds.ts';
import { chooseFreePort } from '../src/bootstrap/local/ports.ts';
import type { Client } from '../src/kube/client/client.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from '../test/support/control-plane.ts';
import { captFile } from '../test/support/local-cli.ts';
import { TestNamespace } from '../test/support/test-namespace.ts';
import { type Load, load, memoryMebibytes } from './metadata/load.ts';
import { Nginx } from './metadata/nginx.ts';

const hardware = Number(process.env.BENCH_HARDWARE ?? 1000);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

const id = '02:00:5e:00:53:01';
const userData = `#cloud-config\n${'# as long as the user-data of a worker\n'.repeat(40)}`;
const storage = '{"metadata":{"instance":{"storage":{"disks":null,"filesystems":null}}}}';

/** Path, the same answer as a file, and the CPU seconds for 1,000 requests of the original (peer figures of the project). */
const cases = [
  { path: '/2009-04-04/meta-data/instance-id', file: 'instance-id', original: 0.039 },
  { path: '/2009-04-04/user-data', file: 'user-data', original: 0.038 },
  { path: '/metadata', file: 'storage', original: 0.05 },
];

async function main(): Promise<void> {
  await startTestControlPlane();
  try {
    await using own = await TestNamespace.create('bench-metadata');
    await installCrds(own.client, kinds);
    await createHardware(own.client, own.name);
    const port = await chooseFreePort('127.0.0.1', { taken: [] });
    const nginxPort = await chooseFreePort('127.0.0.1', { taken: [port] });
    await using nginx = await Nginx.start(nginxPort, { 'instance-id': id, 'user-data': userData, storage });
    const serving = serve(own.name, port);
    try {
      await untilServed(port);
      process.stdout.write(
        `${hardware} Hardware, 64 connections, ${rounds} rounds of ${seconds} s, medians\n\n` +
          '| path | req/s | p99 ms | CPU s per 1,000 | nginx req/s | nginx CPU s per 1,000 | CPU to nginx | CPU to the original |\n' +
          '|---|---|---|---|---|---|---|---|\n',
      );
      for (const one of cases) {
        const ours: Load[] = [];
        const theirs: Load[] = [];
        // By turns, so that a busy moment of the machine hits both.
        for (let round = 0; round < rounds; round++) {
          ours.push(await load(`http://127.0.0.1:${port}${one.path}`, serving.pid ?? 0, seconds));
          theirs.push(await load(`http://127.0.0.1:${nginxPort}/${one.file}`, nginx.pid, seconds));
        }
        process.stdout.write(`${row(one.path, one.original, ours, theirs)}\n`);
      }
      process.stdout.write(
        '\nThe original was measured in another run, beside an nginx that took 0.012 s for 1,000 small answers: 3.3 times as much.\n',
      );
      process.stdout.write(`memory of capt: ${memoryMebibytes(serving.pid ?? 0).toFixed(0)} MiB\n`);
    } finally {
      serving.kill('SIGKILL');
    }
  } finally {
    await stopTestControlPlane();
  }
}

function row(path: string, original: number, ours: readonly Load[], theirs: readonly Load[]): string {
  const cpu = median(ours, 'cpuSecondsPerThousand');
  const nginxCpu = median(theirs, 'cpuSecondsPerThousand');
  const cells = [
    median(ours, 'requestsPerSecond').toFixed(0),
    median(ours, 'p99Milliseconds').toFixed(1),
    cpu.toFixed(4),
    median(theirs, 'requestsPerSecond').toFixed(0),
    nginxCpu.toFixed(4),
    (cpu / nginxCpu).toFixed(2),
    (cpu / original).toFixed(2),
  ];
  return `| ${path} | ${cells.join(' | ')} |`;
}

function median(loads: readonly Load[], field: keyof Load): number {
  const sorted = loads.map((one) => one[field]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The first one is asked for, by its address; the others make the index as large as it is in life. */
async function createHardware(client: Client, namespace: string): Promise<void> {
  const names = Array.from({ length: hardware }, (_, index) => index).values();
  const work = async () => {
    for (const index of names) {
      const address = index === 0 ? '127.0.0.1' : `10.0.${index >> 8}.${index & 255}`;
      await client.create(Hardware, {
        apiVersion: 'tinkerbell.org/v1alpha1',
        kind: 'Hardware',
        metadata: { namespace, name: `node-${index}` },
        spec: { interfaces: [{ dhcp: { ip: { address } } }], userData, metadata: { instance: { id } } },
      });
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
}

function serve(namespace: string, port: number): ChildProcess {
  const flags = ['--bind-address', '127.0.0.1', '--http-port', String(port), '--backend-kube-namespace', namespace];
  const parameters = ['serve', '--services', 'metadata', '--kubeconfig', testControlPlane().kubeconfigFile, ...flags];
  return spawn(captFile, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function untilServed(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await delay(100);
  }
  throw new Error('capt serve did not become ready');
}

await main();
