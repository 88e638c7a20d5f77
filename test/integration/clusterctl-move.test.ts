import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine as BmcMachine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { getCondition } from '../../src/kube/objects/conditions.ts';
import { eventually } from '../faults/eventually.ts';
import { MoveRig } from '../support/move/move-rig.ts';
import { watchNetboot } from '../support/move/watch-netboot.ts';

describe('clusterctl move of a cluster on bare metal', function () {
  this.timeout(240_000);
  let rig: MoveRig;
  let known: Awaited<ReturnType<typeof identities>>;

  before(async () => {
    rig = await MoveRig.create(4);
    await rig.createCluster(2);
    await rig.untilRunning(3, 180);
    known = await identities();
  });
  after(() => rig?.[Symbol.asyncDispose]());

  /** What must be the same wherever the cluster is. */
  async function identities() {
    const machines = await rig.list(TinkerbellMachine);
    return {
      hosts: machines.map(({ metadata, spec }) => [metadata.name, spec?.hardwareName, spec?.providerID]).sort(),
      owners: machines
        .map(({ metadata }) => metadata.ownerReferences?.map(({ kind, name }) => `${kind} ${name}`))
        .sort(),
      nodes: (await rig.list(Machine)).map(({ metadata, status }) => [metadata.name, status?.nodeRef?.name]).sort(),
      hardware: (await rig.list(Hardware))
        .map(({ metadata: { name, labels, finalizers }, spec }) => ({ name, labels, finalizers, spec }))
        .sort((a, b) => String(a.name).localeCompare(String(b.name))),
      workflows: (await rig.list(Workflow)).map(({ metadata, status }) => [metadata.name, status?.state]).sort(),
    };
  }

  /** Moves, and holds that it changed nothing but the place. */
  async function moveUntouched(): Promise<void> {
    const from = rig.side;
    const histories = rig.histories();
    const to = from === rig.source ? rig.target : rig.source;
    await using netboot = await watchNetboot(to.client, rig.namespace);
    await rig.move();
    // The 30 s that a user was promised are the patience of `eventually`.
    await eventually(async () => {
      for (const { metadata, status } of await rig.list(TinkerbellMachine)) {
        const about = `${metadata.name}: ${JSON.stringify(status)}\n${rig.side.provider.output.slice(-4000)}`;
        assert.equal(status?.initialization?.provisioned, true, about);
        assert.equal(getCondition(status?.conditions, 'Ready')?.status, 'True', about);
        assert.ok(status?.addresses?.length, about);
      }
      const cluster = await rig.side.client.get(TinkerbellCluster, { namespace: rig.namespace, name: 'c' });
      assert.equal(cluster.status?.initialization?.provisioned, true);
    });
    await rig.untilRunning(3, 120);
    await eventually(async () => assert.deepEqual(await identities(), known));
    assert.deepEqual(rig.histories(), histories, 'a machine was touched');
    assert.deepEqual(netboot.allowed, [], 'a host might have been installed again');
    // They came along without their status, and were told from their marks.
    for (const { metadata, status } of await rig.list(Workflow)) {
      const restored = status?.conditions?.find(({ type }) => type === 'StatusRestored');
      assert.equal(restored?.status, 'True', metadata.name);
    }
    assert.equal((await rig.list(Workflow)).length, 3);
    const bmcWork = [...(await rig.list(Job)), ...(await rig.list(Task))];
    assert.notDeepEqual(bmcWork, []);
    for (const { metadata, status } of bmcWork) {
      const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
      assert.ok(
        conditions.some(({ type, status: is }) => type === 'Completed' && is === 'True'),
        `${metadata.name}: ${JSON.stringify(status)}`,
      );
    }
    const left: Resource<KubeObject>[] = [Cluster, TinkerbellCluster, TinkerbellMachine, Machine, Hardware, BmcMachine];
    left.push(Workflow, Template, Job, Task);
    const stayed = (await Promise.all(left.map((resource) => rig.list(resource, from)))).flat();
    assert.deepEqual(
      stayed.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [],
    );
  }

  it(
    'takes everything along and touches no machine: same hosts, owners and Nodes, ready again within 30 s',
    moveUntouched,
  );

  it('goes on where it is: a free host is installed there, and a host that is given back is wiped', async () => {
    await rig.scale(3);
    await rig.untilRunning(4, 180);
    await rig.scale(2);
    await rig.untilRunning(3, 180);
    await eventually(async () => {
      const free = (await rig.list(Hardware)).filter(({ metadata }) => Object.keys(metadata.labels ?? {}).length === 0);
      assert.equal(free.length, 1);
      const machine = rig.rack.machine(free[0]?.metadata.name ?? '');
      assert.equal(machine.chassis.actualPowerState, 'off');
      assert.equal(await machine.disk.read(), undefined);
    }, 60);
    known = await identities();
  });

  it('and back', moveUntouched);

  it('forbids the provider nothing on either side', async () => {
    await rig.source.provider.assertNothingForbidden();
    await rig.target.provider.assertNothingForbidden();
  });
});
