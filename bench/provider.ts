/**
 * A cluster of N machines on a simulated rack, on the real Cluster API: time from nothing to all machines Running, and what
 * our services (provider, workflow, bmc, as one `capt serve`) ask of the API server and use.
 *
 * SIZES=10,100 npm run bench:provider
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestControlPlane, stopTestControlPlane } from '../test/support/control-plane.ts';
import { LifecycleRig } from '../test/support/lifecycle/lifecycle-rig.ts';
import { Serving } from '../test/support/serving.ts';
import { countRequests, type Requests } from './provider/audit.ts';
import { type Usage, usageOf } from './provider/process-usage.ts';

/** What the original comes to on the same kind of rig (10 no-op actions, two runs), measured once. */
const original = { ready: '64-67 of 100', requestsPerMachine: '92-96', doubleClaims: '20, 21' };

interface Round {
  machines: number;
  seconds: number;
  /** Before there was any Machine: what is asked once for each host, and at the start. */
  beforehand: Requests;
  requests: Requests;
  idle: Requests;
  idleSeconds: number;
  usage: Usage;
}

const sizes = (process.env['SIZES'] ?? '10,100').split(',').map(Number);
const idleSeconds = Number(process.env['IDLE_SECONDS'] ?? 20);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'capt-bench-provider-'));
  const auditLog = join(folder, 'audit.log');
  const rounds: Round[] = [];
  try {
    await startTestControlPlane({ auditLog });
    for (const machines of sizes) {
      const round = await measure(machines, auditLog);
      rounds.push(round);
      print(`${machines} of ${machines} machines Running after ${round.seconds.toFixed(1)} s`);
      for (const [kind, count] of [...round.requests.byKind].sort(([, a], [, b]) => b - a)) {
        print(`  ${(count / machines).toFixed(2).padStart(7)} a machine: ${kind}`);
      }
    }
  } finally {
    await stopTestControlPlane();
    rmSync(folder, { recursive: true, force: true });
  }
  table(rounds);
}

async function measure(machines: number, auditLog: string): Promise<Round> {
  const agentPort = await freePort();
  await using rig = await LifecycleRig.create('bench', { machines, workers: machines - 1, agentPort });
  const serving = new Serving('provider,workflow,bmc', [
    ...['--kubeconfig', rig.shape.kubeconfigFile, '--backend-kube-namespace', rig.namespace],
    ...['--http-port', String(await freePort()), '--tink-server-bind-port', String(agentPort)],
    ...['--metadata-url', 'http://192.0.2.1:7080', '--log-level', 'warn'],
  ]);
  const servedMs = Date.now();
  serving.start();
  try {
    // The hosts are known, their BMCs were read: that is asked of a host once, not of each Machine on it.
    await rig.untilHostsKnown(300 + machines);
    const startedMs = Date.now();
    const before = usageOf(serving.pid);
    await rig.createCluster();
    // Throws when a host has two machines, or a machine has none.
    await rig.untilRunning(machines, 60 + machines * 15);
    const doneMs = Date.now();
    const after = usageOf(serving.pid);
    // What comes a moment after Running (status of the last Workflow, conditions) belongs to the machines.
    await delay(5_000);
    const restedMs = Date.now();
    await delay(idleSeconds * 1000);
    // The audit log is written in batches.
    await delay(1_000);
    const requests = await countRequests(auditLog, 'capt', startedMs, restedMs);
    const logged = requests.byKind.get('create workflows') ?? 0;
    if (logged < machines) throw new Error(`the audit log is not whole: ${logged} Workflows of ${machines} in it`);
    return {
      machines,
      seconds: (doneMs - startedMs) / 1000,
      beforehand: await countRequests(auditLog, 'capt', servedMs, startedMs),
      requests,
      idle: await countRequests(auditLog, 'capt', restedMs, restedMs + idleSeconds * 1000),
      idleSeconds,
      usage: { cpuSeconds: after.cpuSeconds - before.cpuSeconds, rssMebibytes: after.rssMebibytes },
    };
  } finally {
    await serving.end('SIGTERM');
  }
}

function table(rounds: readonly Round[]): void {
  print('');
  print(
    '| machines | Ready | s | requests a machine | before, a host | conflicts | refused | CPU ms a machine | RSS MiB | requests when idle |',
  );
  print('|---|---|---|---|---|---|---|---|---|---|');
  for (const { machines, seconds, beforehand, requests, idle, usage } of rounds) {
    print(
      `| ${machines} | ${machines} | ${seconds.toFixed(1)} | ${(requests.total / machines).toFixed(1)} | ${(beforehand.total / machines).toFixed(1)} | ${requests.conflicts} | ${requests.refused} | ${((usage.cpuSeconds * 1000) / machines).toFixed(0)} | ${usage.rssMebibytes.toFixed(0)} | ${idle.total} in ${idleSeconds} s |`,
    );
  }
  const { ready, requestsPerMachine, doubleClaims } = original;
  print(
    `The original with 10 actions: ${ready} ever Ready, ${requestsPerMachine} requests a machine, ${doubleClaims} double claims.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
