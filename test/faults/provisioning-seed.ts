import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { kinds } from '../../src/api/kinds.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import { createServingCertificate } from '../../src/kube/admission/certificate-authority.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { Serving } from '../support/serving.ts';
import { TestNamespace } from '../support/test-namespace.ts';
import { VirtualMachine } from '../support/virtual-machine.ts';
import { eventually } from './eventually.ts';
import { Random } from './random.ts';

const actions = ['stream-image', 'write-files', 'reboot'];

/** A Template whose actions a scripted agent takes. */
const template = `
version: "0.1"
name: install
global_timeout: 1800
tasks:
  - name: os
    worker: "{{ .device_1 }}"
    actions:
${actions.map((name) => `      - name: ${name}\n        image: quay.io/tinkerbell/actions/${name}:latest\n        timeout: 300\n`).join('')}`;

export interface ProvisioningOptions {
  workflows: number;
  /** How often the service is killed; 0 for never. */
  kills: number;
  /** Default 180. */
  timeoutSeconds?: number;
}

export interface ProvisioningReport {
  kills: number;
  seconds: number;
}

/**
 * Machines with virtual BMCs, IPMI and Redfish by turns, some on and some off, are installed by `capt serve --services
 * workflow,bmc`, which is killed at random instants. Everything random comes from `seed`; what a process happens to be
 * doing at that instant does not. In the end every Workflow has succeeded, no action has run twice, and no power command
 * was given twice.
 */
export async function provisionSeed(seed: number, options: ProvisioningOptions): Promise<ProvisioningReport> {
  const started = performance.now();
  const random = new Random(seed);
  await using stack = new AsyncDisposableStack();
  const own = stack.use(await TestNamespace.create('provisioning'));
  const { client, name: namespace } = own;
  await installCrds(client, kinds);
  await client.create(Template, {
    ...typed(Template),
    metadata: { namespace, name: 'install' },
    spec: { data: template },
  });
  const agentPort = await chooseFreePort('127.0.0.1', { taken: [] });
  const httpPort = await chooseFreePort('127.0.0.1', { taken: [agentPort] });
  const machines = await startMachines(random, options.workflows, namespace, stack);
  const serving = new Serving('workflow,bmc', [
    ...['--kubeconfig', testControlPlane().kubeconfigFile, '--backend-kube-namespace', namespace],
    ...['--tink-server-bind-port', String(agentPort), '--http-port', String(httpPort), '--log-level', 'warn'],
  ]);
  stack.defer(() => serving.end('SIGKILL').then(() => undefined));
  serving.start();
  for (const machine of machines) {
    machine.switchOnFirmware({
      address: `127.0.0.1:${agentPort}`,
      backoffMs: { initial: 50, max: 500 },
      behave: () => ({ workMs: random.below(100) }),
    });
    await machine.register(client);
    await client.create(Workflow, workflowOf(machine.name, namespace));
  }
  const kills = await killAtRandom(serving, random, options.kills, () => machines.every(hasFinished));
  await eventually(() => checkEnd(client, namespace, machines, serving), options.timeoutSeconds ?? 180);
  await checkJobs(client, namespace, machines);
  return { kills, seconds: (performance.now() - started) / 1000 };
}

async function startMachines(
  random: Random,
  count: number,
  namespace: string,
  stack: AsyncDisposableStack,
): Promise<VirtualMachine[]> {
  const { cert, key } = await createServingCertificate({ hosts: ['127.0.0.1'] });
  const machines: VirtualMachine[] = [];
  for (let i = 0; i < count; i++) {
    const powerState = random.chance(0.5) ? 'on' : 'off';
    const delaysMs = { on: random.below(1500), off: random.below(1500) };
    const protocol = i % 2 === 0 ? 'ipmi' : 'redfish';
    const name = `machine-${i}`;
    const options = { name, namespace, protocol, tls: { cert, key }, machine: { powerState, delaysMs } } as const;
    machines.push(stack.use(await VirtualMachine.start(options)));
  }
  return machines;
}

function workflowOf(name: string, namespace: string): Workflow {
  return {
    ...typed(Workflow),
    metadata: { namespace, name },
    spec: {
      templateRef: 'install',
      hardwareRef: name,
      hardwareMap: { device_1: name },
      bootOptions: { bootMode: 'netboot', toggleAllowNetboot: true },
    },
  };
}

/** @returns how often it was killed before all was done */
async function killAtRandom(serving: Serving, random: Random, most: number, isDone: () => boolean): Promise<number> {
  for (let kills = 0; kills < most; kills++) {
    // From its very beginning to some time after it has begun to work.
    await delay(500 + random.below(4000));
    if (isDone()) return kills;
    await serving.end('SIGKILL');
    serving.start();
  }
  return most;
}

function hasFinished(machine: VirtualMachine): boolean {
  return machine.agents.some(({ finished }) => finished.length === actions.length);
}

async function checkEnd(
  client: Client,
  namespace: string,
  machines: readonly VirtualMachine[],
  serving: Serving,
): Promise<void> {
  const { items } = await client.list(Workflow, { namespace });
  for (const { metadata, status } of items) {
    const output = serving.output.slice(-2000);
    assert.equal(status?.state, 'SUCCESS', `${metadata.name}: ${JSON.stringify(status)}\n${output}`);
  }
  assert.equal(items.length, machines.length);
}

/** What must hold however often the service died. */
async function checkJobs(client: Client, namespace: string, machines: readonly VirtualMachine[]): Promise<void> {
  for (const machine of machines) {
    assert.deepEqual(machine.started, actions, `${machine.name}: an action ran twice, or not at all`);
    assert.deepEqual(machine.boots, ['pxe'], `${machine.name} was not booted once, by PXE`);
    const { powerCommands } = machine;
    assert.ok(powerCommands.length === new Set(powerCommands).size, `${machine.name}: ${powerCommands.join(', ')}`);
    const { status } = await client.get(Job, { namespace, name: `netboot-${machine.name}` });
    assert.ok(status?.conditions?.some(({ type, status: holding }) => type === 'Completed' && holding === 'True'));
  }
}

function typed({ group, version, kind }: { group: string; version: string; kind: string }) {
  return { apiVersion: `${group}/${version}`, kind };
}
