/**
 * What it costs to look after 1,000 BMCs that all answer, half of them by IPMI and half by Redfish over HTTPS: the first
 * look at all of them, and then looking again and again while nothing changes. The BMCs are in this process, the service is
 * in another.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Job } from '../src/api/bmc/v1alpha1/job.ts';
import { Machine } from '../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../src/api/bmc/v1alpha1/task.ts';
import { Hardware } from '../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../src/bootstrap/install/crds.ts';
import { createServingCertificate } from '../src/kube/admission/certificate-authority.ts';
import type { Client } from '../src/kube/client/client.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from '../test/support/control-plane.ts';
import { TestNamespace } from '../test/support/test-namespace.ts';
import { VirtualMachine } from '../test/support/virtual-machine.ts';
import { Child } from './agent-api/child.ts';
import type { BmcFigures } from './bmc/service.ts';

const count = Number(process.env.BENCH_BMCS ?? 1000);
const seconds = Number(process.env.BENCH_SECONDS ?? 120);
const intervalSeconds = Number(process.env.BENCH_INTERVAL_SECONDS ?? 30);
/** How often machines are looked at by default, here and with the original. */
const usualSeconds = 1800;

async function main(): Promise<void> {
  await startTestControlPlane();
  try {
    await using own = await TestNamespace.create('bench-bmc');
    await using stack = new AsyncDisposableStack();
    const { client, name: namespace } = own;
    await installCrds(client, [Machine, Job, Task, Hardware]);
    await startMachines(client, namespace, stack);
    const args = [testControlPlane().kubeconfigFile, namespace, String(intervalSeconds)];
    const service = new Child<BmcFigures>('../bmc/service.ts', args);
    const started = performance.now();
    await service.told();
    while (!(await allSeen(client, namespace))) await delay(250);
    const first = await service.ask();
    print(`first look at ${count} BMCs`, (performance.now() - started) / 1000, first);
    // What was begun twice because of Hardware and Secrets that came late is over by then.
    await delay(5000);
    await service.ask();
    await delay(seconds * 1000);
    const steady = await service.ask();
    print(`every ${intervalSeconds} s for ${seconds} s while nothing changes`, seconds, steady);
    const share = ((steady.cpuMs / steady.polls) * count) / usualSeconds / 10;
    process.stdout.write(`at the usual ${usualSeconds} s: ${share.toFixed(2)} % of a CPU for ${count} BMCs\n`);
    service.stop();
  } finally {
    await stopTestControlPlane();
  }
}

async function startMachines(client: Client, namespace: string, stack: AsyncDisposableStack): Promise<void> {
  const tls = await createServingCertificate({ hosts: ['127.0.0.1'] });
  for (let from = 0; from < count; from += 20) {
    const batch = Array.from({ length: Math.min(20, count - from) }, async (_, offset) => {
      const i = from + offset;
      const protocol = i % 2 === 0 ? 'ipmi' : 'redfish';
      const machine = await VirtualMachine.start({ name: `m-${i}`, namespace, protocol, tls });
      stack.use(machine);
      await machine.register(client);
    });
    await Promise.all(batch);
  }
}

async function allSeen(client: Client, namespace: string): Promise<boolean> {
  const { items } = await client.list(Machine, { namespace });
  return items.filter(({ status }) => status?.powerState === 'off').length === count;
}

function print(what: string, duration: number, { polls, writes, sockets, cpuMs, rssMebibytes }: BmcFigures): void {
  process.stdout.write(
    `${what}: ${duration.toFixed(1)} s, ${polls} polls, ${(cpuMs / duration / 10).toFixed(1)} % of a CPU ` +
      `(${(cpuMs / polls).toFixed(2)} ms a poll), at most ${sockets} sockets, RSS ${rssMebibytes.toFixed(0)} MiB, ` +
      `${writes} API writes\n`,
  );
}

await main();
