import assert from 'node:assert/strict';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { ownerNameLabel } from '../../src/api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { getCondition } from '../../src/kube/objects/conditions.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { ProviderRig } from '../support/provider-rig.ts';
import { Serving } from '../support/serving.ts';
import { OwnerChanges } from './owner-changes.ts';
import { whileProgressing } from './progressing.ts';

export interface ClaimRaceReport {
  /** From the instant at which all may claim to all hosts having a Workflow. */
  claimSeconds: number;
  /** Hosts that got an owner. */
  claims: number;
}

/**
 * So many machines of the real Cluster API on exactly so many hosts, let loose at one instant, with two processes of the
 * provider that know nothing of each other: what they race for is decided by the API server alone. Nothing is installed;
 * `claimAll` does that. In the end each machine has a host, each host one machine, and none ever had another.
 */
export async function claimRace(machines: number): Promise<ClaimRaceReport> {
  await using rig = await ProviderRig.create('race');
  const { client, namespace } = rig;
  const racers = [1, 2].map(
    () =>
      new Serving('provider', [
        ...['--kubeconfig', testControlPlane().kubeconfigFile, '--namespace', namespace],
        ...['--http-port', '0', '--log-level', 'error', '--metadata-url', 'http://192.0.2.1:7080'],
      ]),
  );
  /** Waits for `check`, which is cheap compared with what is waited for. */
  const until = async (check: () => Promise<void>) => {
    const state = async () =>
      (await rig.list(TinkerbellMachine)).map(({ metadata }) => metadata.resourceVersion).join(' ');
    const limits = { stalledSeconds: 120, mostSeconds: 900, everySeconds: 1 };
    try {
      await whileProgressing(check, state, limits);
    } catch (error) {
      throw new Error(racers.map(({ output }) => output.slice(-3000)).join('\n'), { cause: error });
    }
  };
  for (const racer of racers) racer.start();
  try {
    await rig.createCluster();
    const names = Array.from({ length: machines }, (_, index) => `m-${index}`);
    await inTurns(names, (name) => rig.createMachine(name, { templateOverride: template }));
    await until(async () => assert.deepEqual(await notIn(rig, 'Ready', 'WaitingForHardware'), []));
    await rig.patch(Cluster, 'c', { spec: { paused: true } });
    await until(async () => assert.deepEqual(await notIn(rig, 'Paused', 'Paused'), []));
    await inTurns(names, (_, index) => rig.createHardware(`h-${index}`, index + 1));
    await using changes = await OwnerChanges.start(client, namespace);
    const startedMs = performance.now();
    await rig.patch(Cluster, 'c', { spec: { paused: null } });
    await until(async () => assert.equal((await rig.list(Workflow)).length, machines));
    const claimSeconds = (performance.now() - startedMs) / 1000;
    await assertPaired(rig, machines);
    await inTurns(names, (name) => rig.delete(Machine, name));
    await until(async () => {
      assert.equal((await rig.list(TinkerbellMachine)).length, 0);
      for (const { metadata, spec } of await rig.list(Hardware)) {
        assert.deepEqual([metadata.labels ?? {}, metadata.finalizers ?? [], spec?.userData], [{}, [], undefined]);
      }
    });
    assert.deepEqual(changes.violations, []);
    assert.equal(changes.claims, machines);
    return { claimSeconds, claims: changes.claims };
  } finally {
    for (const racer of racers) await racer.end('SIGTERM');
  }
}

const template = `version: "0.1"
name: any
global_timeout: 600
tasks:
- name: install
  worker: "{{ .device_1 }}"
  actions:
  - name: nothing
    image: example.org/nothing
    timeout: 60
`;

/** Machines whose condition is there for another reason, or not at all. */
async function notIn(rig: ProviderRig, condition: string, reason: string): Promise<string[]> {
  return (await rig.list(TinkerbellMachine)).flatMap(({ metadata, status }) =>
    getCondition(status?.conditions, condition)?.reason === reason ? [] : [metadata.name ?? ''],
  );
}

/** Each machine, its Hardware and its Workflow tell the same of each other. */
async function assertPaired(rig: ProviderRig, machines: number): Promise<void> {
  const hardware = await rig.list(Hardware);
  const byOwner = new Map(hardware.map(({ metadata }) => [metadata.labels?.[ownerNameLabel], metadata.name]));
  assert.equal(byOwner.size, machines);
  const objects = await rig.list(TinkerbellMachine);
  assert.equal(objects.length, machines);
  for (const { metadata, spec } of objects) assert.equal(byOwner.get(metadata.name), spec?.hardwareName);
  for (const { metadata, spec } of await rig.list(Workflow)) {
    assert.equal(byOwner.get(metadata.name), spec?.hardwareRef);
  }
  for (const { metadata, spec } of hardware) {
    const owner = metadata.labels?.[ownerNameLabel];
    assert.match(spec?.userData ?? '', new RegExp(`^#cloud-config ${owner} tinkerbell://.*/${metadata.name}$`));
  }
}

/** Ten at a time. */
async function inTurns<T>(items: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  const queue = items.map((item, index) => ({ item, index }));
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next.item, next.index);
  };
  await Promise.all(Array.from({ length: 10 }, worker));
}
