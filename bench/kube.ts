/**
 * Our controller runtime against the informer of the official client, in one run on one machine: 10,000 Hardware objects
 * on a real API server, then as many changes as the client can take from a replayed watch, then the faults.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Namespace } from '../src/api/core/namespace.ts';
import { Hardware } from '../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../src/kube/client/client.ts';
import { directClient } from '../test/faults/rig.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from '../test/support/control-plane.ts';
import { benchHardware } from './kube/hardware.ts';
import type { Measured } from './kube/measure.ts';
import { installHardwareCrd } from './kube/setup.ts';
import { survivalTable } from './kube/survival.ts';
import { median, ratioTable } from './kube/table.ts';

const objects = Number(process.env.BENCH_OBJECTS ?? 10_000);
const events = Number(process.env.BENCH_EVENTS ?? 100_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'capt-bench-'));
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Ours runs as it is shipped: with the flags that the launcher gives to Node. */
const launcherFlags =
  /node_flags='([^']*)'/.exec(readFileSync(here('../src/cli/capt.sh'), 'utf8'))?.[1]?.split(' ') ?? [];

type Contestant = 'ours' | 'peer';

async function main(): Promise<void> {
  await startTestControlPlane();
  try {
    const controlPlane = testControlPlane();
    const truth = directClient(controlPlane.adminCredentials);
    await fill(truth);
    const sync = await measure(controlPlane.kubeconfigFile, 0);
    const replay = await startReplay(truth);
    const throughput = await measure(replay.kubeconfig, events);
    replay.stop();
    report(sync, throughput);
    process.stdout.write(await survivalTable(controlPlane.adminCredentials));
    await truth.close();
  } finally {
    await stopTestControlPlane();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(client: Client): Promise<void> {
  await installHardwareCrd(client);
  const namespace = 'bench';
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const started = performance.now();
  let next = 0;
  const create = async () => {
    while (next < objects) await client.create(Hardware, benchHardware(next++, namespace));
  };
  await Promise.all(Array.from({ length: 16 }, create));
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${objects} Hardware created in ${seconds.toFixed(1)} s\n`);
}

/** Both contestants by turns, so that a busy moment of the machine hits both. */
async function measure(kubeconfig: string, wantedEvents: number): Promise<Record<Contestant, Measured[]>> {
  const results: Record<Contestant, Measured[]> = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    for (const contestant of ['ours', 'peer'] as const) {
      const args = [
        '--expose-gc',
        ...(contestant === 'ours' ? launcherFlags : []),
        here(`kube/${contestant}.ts`),
        kubeconfig,
        String(wantedEvents),
        String(objects),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
      results[contestant].push(JSON.parse(stdout) as Measured);
    }
  }
  return results;
}

async function startReplay(client: Client): Promise<{ kubeconfig: string; stop: () => void }> {
  const list = await client.list(Hardware);
  const bytes = JSON.stringify(list.items[0]).length;
  process.stdout.write(`an object is ${bytes} bytes long\n`);
  const listFile = join(folder, 'list.json');
  writeFileSync(listFile, JSON.stringify({ apiVersion: 'tinkerbell.org/v1alpha1', kind: 'HardwareList', ...list }));
  const child = spawn(process.execPath, [here('kube/replay.ts'), listFile, String(events)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', (code) => reject(new Error(`replay ended with ${code}`)));
  });
  const kubeconfig = join(folder, 'replay.kubeconfig');
  const config = {
    'current-context': 'replay',
    clusters: [{ name: 'replay', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'replay', context: { cluster: 'replay', user: 'nobody' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return { kubeconfig, stop: () => child.kill() };
}

function report(sync: Record<Contestant, Measured[]>, throughput: Record<Contestant, Measured[]>): void {
  const rows = [
    { figure: 'time to synced, s', key: 'syncedSeconds', from: sync, goal: '' },
    { figure: 'RSS when synced, MiB', key: 'rssMiB', from: sync, goal: '≤ 0.7' },
    { figure: 'events/s', key: 'eventsPerSecond', from: throughput, goal: '≥ 1.0' },
    { figure: 'CPU ms per 1,000 events', key: 'cpuMsPer1000Events', from: throughput, goal: '' },
  ] as const;
  process.stdout.write(
    ratioTable(
      rows.map(({ figure, key, from, goal }) => ({
        figure,
        ours: median(from.ours.map((measured) => measured[key])),
        peer: median(from.peer.map((measured) => measured[key])),
        goal,
      })),
    ),
  );
}

await main();
