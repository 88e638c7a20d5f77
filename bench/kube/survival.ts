import { KubeConfig, type KubernetesObject, makeInformer } from '@kubernetes/client-node';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import { type FaultCase, faultCases } from '../../test/faults/cases.ts';
import { Churn } from '../../test/faults/churn.ts';
import { eventually } from '../../test/faults/eventually.ts';
import { noFaults } from '../../test/faults/fault.ts';
import type { FaultProxy, Upstream } from '../../test/faults/proxy.ts';
import { Random } from '../../test/faults/random.ts';
import { Rig } from '../../test/faults/rig.ts';

/** How long a contestant has to become equal to the server after the last fault. */
const patienceSeconds = 15;

/** Who is equal to the server again after each fault, as a Markdown table. */
export async function survivalTable(upstream: Upstream): Promise<string> {
  const lines: string[] = ['', '| fault | capt | client-node informer |', '|---|---|---|'];
  const crashes: unknown[] = [];
  const onCrash = (error: unknown) => crashes.push(error);
  process.on('unhandledRejection', onCrash);
  for (const faultCase of faultCases) {
    const ours = await survives(upstream, faultCase, oursBehind);
    const peer = await survives(upstream, faultCase, peerBehind);
    lines.push(`| ${faultCase.name} | ${ours} | ${peer} |`);
  }
  process.off('unhandledRejection', onCrash);
  return `${lines.join('\n')}\n${crashes.length} unhandled rejections\n`;
}

/** A running contestant: what it believes, and how to stop it. */
interface Contestant {
  content(): string[];
  stop(): Promise<void>;
}

async function survives(
  upstream: Upstream,
  { fault, hits, times }: FaultCase,
  start: (rig: Rig) => Promise<Contestant>,
): Promise<string> {
  await using rig = await Rig.create(upstream);
  const churn = new Churn(rig.truth, rig.namespace, new Random(7), 12);
  for (let i = 0; i < 15; i++) await churn.step();
  let left = times;
  rig.proxy.plan = (request) => (left > 0 && hits(request) && left-- > 0 ? fault : undefined);
  const contestant = await start(rig);
  try {
    // A contestant that has given up meets no more faults: what counts is where it ends.
    const end = performance.now() + 20_000;
    while (left > 0 && performance.now() < end) await churn.step();
    rig.proxy.plan = noFaults;
    for (let i = 0; i < 10; i++) await churn.step();
    const started = performance.now();
    await eventually(async () => {
      const { items } = await rig.truth.list(ConfigMap, { namespace: rig.namespace });
      if (items.map(identify).sort().join() !== contestant.content().sort().join()) throw new Error('differs');
    }, patienceSeconds);
    return `equal after ${((performance.now() - started) / 1000).toFixed(1)} s`;
  } catch {
    return `**wrong** after ${patienceSeconds} s`;
  } finally {
    await contestant.stop();
  }
}

function oursBehind(rig: Rig): Promise<Contestant> {
  rig.mirror.start();
  return Promise.resolve({ content: () => rig.mirror.copies.list().map(identify), stop: () => rig.mirror.stop() });
}

async function peerBehind(rig: Rig): Promise<Contestant> {
  const path = `/api/v1/namespaces/${rig.namespace}/configmaps`;
  const informer = makeInformer(configFor(rig.proxy), path, async () => {
    const response = await fetch(`${rig.proxy.url}${path}?limit=1000`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as { apiVersion: string; kind: string; items: KubernetesObject[]; metadata: object };
  });
  informer.on('error', () => {});
  await informer.start().catch(() => {});
  return { content: () => informer.list().map(identify), stop: () => informer.stop() };
}

function configFor(proxy: FaultProxy): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'proxy', server: proxy.url, skipTLSVerify: true }, { name: 'nobody' });
  return config;
}

function identify({ metadata }: { metadata?: { name?: string; resourceVersion?: string } }): string {
  return `${metadata?.name}@${metadata?.resourceVersion}`;
}
