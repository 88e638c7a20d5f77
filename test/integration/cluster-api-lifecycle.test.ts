import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { MachineDeployment } from '../../src/api/capi/v1beta2/machine-deployment.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { getCondition } from '../../src/kube/objects/conditions.ts';
import { eventually } from '../faults/eventually.ts';
import { healthCheck, machineTemplate } from '../support/lifecycle/cluster-manifests.ts';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';

describe('a cluster on the real Cluster API and a simulated rack', function () {
  this.timeout(180_000);
  let rig: LifecycleRig;

  before(async () => {
    rig = await LifecycleRig.create('life', { machines: 6, workers: 3 });
    await rig.startServices();
  });
  after(() => rig?.[Symbol.asyncDispose]());
  afterEach(function () {
    if (this.currentTest?.state === 'failed') process.stderr.write(`${rig.histories()}\n`);
  });

  /** Every host is either a running machine's or clean. */
  const settled = async (machines: number) => {
    await rig.untilRunning(machines);
    await rig.untilClean(rig.rack.machines.length - machines);
  };

  it('comes up from machines that are off: all Running, Ready, each on a host of its own', async () => {
    await rig.createCluster();
    await settled(4);
  });

  it('writes nothing while nothing happens', async () => {
    // Cluster API itself comes back to new nodes some times; what never comes to rest fails here.
    await rig.untilIdle(15, 75);
  });

  it('scales up and down: who leaves is clean, off and free', async () => {
    await rig.scale(5);
    await settled(6);
    await rig.scale(1);
    await settled(2);
    await rig.scale(3);
    await settled(4);
  });

  it('rolls to a new template without a spare host', async () => {
    const spare = (await rig.hosts()).free;
    for (const { metadata } of spare) await rig.delete(Hardware, metadata.name ?? '');
    const before = new Set((await rig.workers()).map(({ metadata }) => metadata.name));
    const images = { imageLookupFormat: 'http://192.0.2.1/another.img.gz' };
    await rig.apply(machineTemplate(rig.shape, 'workers', '-2', images));
    const { name } = rig.shape;
    await rig.patch(MachineDeployment, `${name}-workers`, {
      spec: {
        rollout: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
        template: { spec: { infrastructureRef: { name: `${name}-workers-2` } } },
      },
    });
    await eventually(async () => {
      const now = await rig.workers();
      assert.ok(now.length === 3 && now.every(({ metadata }) => !before.has(metadata.name)));
    }, 150);
    await rig.untilRunning(4);
    for (const machine of await rig.workers()) {
      const host = rig.hostOf(machine);
      assert.equal((await host.disk.read())?.image, images.imageLookupFormat);
    }
    await rig.rack.register(rig.client, rig.namespace);
    await rig.untilClean(2);
  });

  it('replaces a host that died, and powers it off before anybody gets it', async () => {
    const check = healthCheck(rig.shape, 1);
    await rig.apply(check);
    const [victim] = await rig.workers();
    assert.ok(victim);
    rig.hostOf(victim).losePower();
    await eventually(async () => assert.equal(await rig.find(Machine, victim.metadata.name ?? ''), undefined), 120);
    await rig.delete(check.resource, check.object.metadata.name ?? '');
    await settled(4);
  });

  it('takes a Machine back that is deleted in the middle of its installation', async () => {
    await rig.scale(4);
    const young = await rig.anyWorker(({ status }) => status?.phase === 'Provisioning');
    await eventually(async () => void (await rig.get(Workflow, young.spec?.infrastructureRef.name ?? '')));
    await rig.delete(Machine, young.metadata.name ?? '');
    await eventually(async () => assert.equal(await rig.find(Machine, young.metadata.name ?? ''), undefined), 120);
    await settled(5);
    await rig.scale(3);
    await settled(4);
  });

  it('gets owner references and finalizers back that somebody has stripped', async () => {
    await rig.patch(Cluster, 'c', { spec: { paused: true } });
    const kinds: Resource<KubeObject>[] = [TinkerbellMachine, TinkerbellCluster];
    const marks = async () => {
      const objects = (await Promise.all(kinds.map((resource) => rig.list(resource)))).flat();
      return objects
        .map(({ metadata: { name, ownerReferences = [], finalizers } }) => ({
          name,
          finalizers,
          owners: ownerReferences.map(({ kind, name: owner, uid, controller }) => [
            kind,
            owner,
            uid,
            controller ?? false,
          ]),
        }))
        .sort((a, b) => String(a.name).localeCompare(String(b.name)));
    };
    await eventually(async () => {
      for (const { status } of await rig.list(TinkerbellMachine)) {
        assert.equal(getCondition(status?.conditions, 'Paused')?.status, 'True');
      }
    });
    const before = await marks();
    for (const resource of kinds) {
      for (const { metadata } of await rig.list(resource)) {
        await rig.patch(resource, metadata.name ?? '', { metadata: { ownerReferences: null, finalizers: null } });
      }
    }
    await rig.patch(Cluster, 'c', { spec: { paused: null } });
    await eventually(async () => assert.deepEqual(await marks(), before), 60);
    await rig.untilRunning(4);
  });

  it('does nothing while it is paused, deletion included', async () => {
    const [machine] = await rig.list(TinkerbellMachine, 'cluster.x-k8s.io/deployment-name=c-workers');
    const name = machine?.metadata.name ?? '';
    await rig.patch(TinkerbellMachine, name, { metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } } });
    await eventually(async () => {
      const { status } = await rig.get(TinkerbellMachine, name);
      assert.equal(getCondition(status?.conditions, 'Paused')?.status, 'True');
    });
    await rig.delete(Machine, name);
    await eventually(async () => {
      assert.ok((await rig.get(TinkerbellMachine, name)).metadata.deletionTimestamp);
    }, 60);
    assert.deepEqual(await rig.find(Job, `${name}-poweroff`), undefined);
    await rig.patch(TinkerbellMachine, name, { metadata: { annotations: { 'cluster.x-k8s.io/paused': null } } });
    await eventually(async () => assert.equal(await rig.find(Machine, name), undefined), 120);
    await settled(4);
  });

  it('is deleted in the order of Cluster API and leaves clean hosts, switched off', async () => {
    await rig.delete(Cluster, 'c');
    let workersLeft = true;
    let machinesLeft = true;
    await eventually(async () => {
      const machines = await rig.list(Machine);
      const controlPlane = machines.filter(
        ({ metadata }) => 'cluster.x-k8s.io/control-plane' in (metadata.labels ?? {}),
      );
      workersLeft &&= machines.length > controlPlane.length;
      machinesLeft &&= machines.length > 0;
      const infrastructure = await rig.find(TinkerbellCluster, 'c');
      if (workersLeft)
        assert.deepEqual(
          controlPlane.map(({ metadata }) => metadata.deletionTimestamp),
          [undefined],
        );
      if (machinesLeft) assert.equal(infrastructure?.metadata.deletionTimestamp, undefined);
      assert.equal(await rig.find(Cluster, 'c'), undefined);
    }, 150);
    await rig.untilClean(6);
    const left: Resource<KubeObject>[] = [TinkerbellMachine, TinkerbellCluster, Workflow, Template, Job, Task];
    await eventually(async () => assert.deepEqual((await Promise.all(left.map((kind) => rig.list(kind)))).flat(), []));
  });
});

describe('a cluster whose hosts have BMCs that do not answer', function () {
  this.timeout(120_000);

  it('user-pain.md §6 BMO#1163 – is deleted all the same: the host goes to quarantine with the reason, in bounded time', async () => {
    await using rig = await LifecycleRig.create('mute', { machines: 2, workers: 1 });
    await rig.startServices({ provider: { releaseTimeoutSeconds: 5 }, bmc: { taskTimeoutSeconds: 3 } });
    await rig.createCluster();
    await rig.untilRunning(2);
    const [worker] = await rig.workers();
    assert.ok(worker);
    const host = rig.hostOf(worker);
    await host.bmc[Symbol.asyncDispose]();
    await rig.scale(0);
    await eventually(async () => assert.equal(await rig.find(Machine, worker.metadata.name ?? ''), undefined), 60);
    const { metadata, spec } = await rig.get(Hardware, host.name);
    assert.equal(metadata.labels?.['capt.tinkerbell.org/quarantined'], 'true');
    assert.match(metadata.annotations?.['capt.tinkerbell.org/quarantine-reason'] ?? '', /the release took too long/);
    assert.equal(spec?.userData, undefined);
  });
});
