/**
 * What the agent API adds to a Workflow: ten actions that do nothing, from the first GetAction to the answer to the last
 * report, with 1, 10 and 100 agents at once on a real API server; and what 10,000 agents cost that wait for work.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Workflow } from '../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../src/bootstrap/install/crds.ts';
import type { Client } from '../src/kube/client/client.ts';
import { createRendered } from '../test/support/agent-api-rig.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from '../test/support/control-plane.ts';
import { ScriptedAgent } from '../test/support/scripted-agent.ts';
import { TestNamespace } from '../test/support/test-namespace.ts';
import { type Kind, work } from './agent-api/agents.ts';
import { bareWrites } from './agent-api/bare-writes.ts';
import { Child } from './agent-api/child.ts';
import type { ServiceFigures } from './agent-api/service.ts';

const actions = 10;
const crowds = [1, 10, 100];
const idleAgents = Number(process.env.BENCH_IDLE ?? 10_000);
const idleSeconds = Number(process.env.BENCH_IDLE_SECONDS ?? 120);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Agents of the original are given each action, and say that they begin; ours begin it with the end of the one before. */
const kinds: readonly Kind[] = ['ours', 'original'];

/** The original, as measured for this project by its maintainers (the text of issue 4), with its controller at work. */
const original: Readonly<Record<number, { p50: string; p95: string }>> = {
  10: { p50: '8', p95: '12' },
  100: { p50: '27–54', p95: '93–125' },
};

async function main(): Promise<void> {
  await startTestControlPlane();
  try {
    await using own = await TestNamespace.create('bench-agent-api');
    const { client, name: namespace } = own;
    await installCrds(client, [Workflow]);
    const service = new Child<ServiceFigures>('service.ts', [testControlPlane().kubeconfigFile, namespace]);
    const port = await service.told<number>();
    // Warm-up: neither process has run this code before.
    for (const kind of kinds) await crowd(client, namespace, port, { kind, size: 10 }, `warm-${kind}`);
    process.stdout.write(
      '| agents | of | p50 s | p95 s | bare writes p95 s | ratio p95 | writes an action | conflicts an action | service CPU ms an action | original p50 s | original p95 s |\n' +
        `|${'---|'.repeat(11)}\n`,
    );
    for (const size of crowds) {
      for (const kind of kinds) {
        process.stdout.write(`${await measureCrowd(client, namespace, service, port, { kind, size })}\n`);
      }
    }
    process.stdout.write(
      'bare writes: the same number of the same status writes by the same number of writers, and nothing else, in this run\n' +
        'original: figures of issue 4, with its controller at work; 3–4 writes an action, a third of them conflicts\n\n',
    );
    await measureIdle(client, namespace, service, port);
    service.stop();
  } finally {
    await stopTestControlPlane();
  }
}

interface Crowd {
  readonly kind: Kind;
  readonly size: number;
}

async function measureCrowd(
  client: Client,
  namespace: string,
  service: Child<ServiceFigures>,
  port: number,
  { kind, size }: Crowd,
): Promise<string> {
  await service.ask();
  const seconds: number[] = [];
  const bare: number[] = [];
  // By turns, so that a busy moment of the machine hits both.
  for (let round = 0; round < rounds; round++) {
    const name = `${kind}-${size}-${round}`;
    seconds.push(...(await crowd(client, namespace, port, { kind, size }, `crowd-${name}`)));
    bare.push(...(await bareWrites(client, namespace, size, actions, kind === 'ours', `bare-${name}`)));
  }
  const { writes, conflicts, cpuMs } = await service.ask();
  const each = size * actions * rounds;
  const { p50 = '', p95 = '' } = original[size] ?? {};
  const p95s = quantile(seconds, 0.95);
  const bareP95 = quantile(bare, 0.95);
  const figures = [
    quantile(seconds, 0.5),
    p95s,
    bareP95,
    p95s / bareP95,
    writes / each,
    conflicts / each,
    cpuMs / each,
  ];
  return `| ${[size, kind, ...figures.map((value) => value.toFixed(2)), p50, p95].join(' | ')} |`;
}

/** Lets so many agents work at the same time. @returns the seconds that each took */
async function crowd(
  client: Client,
  namespace: string,
  port: number,
  { kind, size }: Crowd,
  prefix: string,
): Promise<number[]> {
  const ids = Array.from({ length: size }, (_, index) => `${prefix}-${index}`);
  const pending = [Array(actions).fill('PENDING') as string[]];
  const prepare = (id: string) => createRendered(client, { namespace, name: id, agents: [id], actions: pending });
  for (let from = 0; from < size; from += 20) await Promise.all(ids.slice(from, from + 20).map(prepare));
  // So that what is measured does not compete with the preparations.
  await delay(1000);
  return await Promise.all(ids.map((id) => work(kind, id, port, actions)));
}

async function measureIdle(
  client: Client,
  namespace: string,
  service: Child<ServiceFigures>,
  port: number,
): Promise<void> {
  const before = await service.ask();
  const agents = new Child<string>('idle-agents.ts', [String(port), String(idleAgents)]);
  const started = performance.now();
  await agents.told();
  const arrival = (performance.now() - started) / 1000;
  const arrived = await service.ask();
  await delay(idleSeconds * 1000);
  const { cpuMs, waiting, rssMebibytes, heapMebibytes, writes } = await service.ask();
  const wake = await wakeSeconds(client, namespace, port);
  agents.stop();
  process.stdout.write(
    `${waiting} idle agents, each with its connection: they came in ${arrival.toFixed(1)} s (${(arrived.cpuMs / 1000).toFixed(1)} s CPU); ` +
      `then ${(cpuMs / idleSeconds / 10).toFixed(2)} % of a CPU over ${idleSeconds} s, RSS ${rssMebibytes.toFixed(0)} MiB ` +
      `(${before.rssMebibytes.toFixed(0)} before, ${(((rssMebibytes - before.rssMebibytes) * 1024) / waiting).toFixed(1)} KiB an agent, ` +
      `${(((heapMebibytes - before.heapMebibytes) * 1024) / waiting).toFixed(1)} KiB of it heap), ` +
      `${writes} API writes; another agent among them is woken and done after ${(wake * 1000).toFixed(0)} ms\n`,
  );
}

/** From the write that makes a Workflow ready to the answer to the only report of its only action. */
async function wakeSeconds(client: Client, namespace: string, port: number): Promise<number> {
  const name = 'wake';
  await createRendered(client, { namespace, name, agents: [name], actions: [['PENDING']], state: 'PREPARING' });
  const stop = new AbortController();
  let ended = 0;
  const onFinished = () => {
    ended = performance.now();
    stop.abort();
  };
  const ran = new ScriptedAgent({ id: name, address: `127.0.0.1:${port}`, onFinished }).run(stop.signal);
  await delay(500);
  const started = performance.now();
  await client.mergePatch(Workflow, { namespace, name }, { status: { state: 'PENDING' } }, { subresource: 'status' });
  await ran;
  return (ended - started) / 1000;
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

await main();
