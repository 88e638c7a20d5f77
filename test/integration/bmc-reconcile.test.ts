import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { isFinished } from '../../src/bmc/reconcile/progress.ts';
import { isReason } from '../../src/kube/client/errors.ts';
import { eventually } from '../faults/eventually.ts';
import { BmcRig, contactOf, outcomeOf } from './bmc-reconcile-rig.ts';

describe('BMC reconcilers on a real API server', () => {
  let rig: BmcRig;

  before(async () => {
    rig = await BmcRig.create('bmc-reconcile');
  });

  afterEach(async () => {
    await rig.stopAll();
  });

  after(async () => {
    await rig[Symbol.asyncDispose]();
  });

  it('takes a Job off → pxe → on to its end, with the names, labels and owners of the original', async () => {
    const bmc = await rig.addMachine('m1');
    bmc.state = 'on';
    rig.start();
    await rig.until(Machine, 'm1', ({ status }) => status?.powerState === 'on');
    const created = await rig.addJob('netboot-m1', 'm1', [
      { powerAction: 'off' },
      { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: true } },
      { powerAction: 'on' },
    ]);
    const job = await rig.untilFinished('netboot-m1');
    assert.equal(outcomeOf(job), 'Completed');
    assert.deepEqual(
      job.status?.conditions?.map(({ type, status }) => `${type} ${status}`),
      ['Running False', 'Completed True'],
    );
    assert.ok(job.status?.startTime && job.status.completionTime);
    assert.deepEqual(bmc.commands, ['power off', 'setBootOverride', 'power on']);
    assert.deepEqual(bmc.override, { active: true, device: 'pxe', efiBoot: true, persistent: false });
    const owner = { kind: 'Job', name: 'netboot-m1', uid: created.metadata.uid, controller: true };
    for (const index of [0, 1, 2]) {
      const task = await rig.task(`netboot-m1-task-${index}`);
      assert.equal(outcomeOf(task), 'Completed');
      assert.deepEqual(task.metadata.labels, { 'owner-name': 'netboot-m1' });
      assert.deepEqual(task.metadata.ownerReferences, [
        { apiVersion: 'bmc.tinkerbell.org/v1alpha1', ...owner, blockOwnerDeletion: true },
      ]);
      assert.deepEqual(task.spec?.connection, (await rig.machine('m1')).spec?.connection);
      assert.ok(task.status?.startTime && task.status.completionTime);
    }
    assert.equal(bmc.mostSessions, 1);
    assert.deepEqual(contactOf(await rig.machine('m1')), { status: 'True', message: 'answered by redfish' });
    assert.equal((await rig.client.list(Task, { namespace: rig.namespace })).items.length, 3);
  });

  it('touches nothing when Jobs come back without a status, as after clusterctl move', async () => {
    const bmc = await rig.addMachine('m2');
    bmc.state = 'on';
    rig.start();
    const off = [{ powerAction: 'off' as const }, { powerAction: 'on' as const }];
    await rig.addJob('done', 'm2', off);
    await rig.addJob('failed', 'm2', [{ bootDevice: { device: 'tape' } }]);
    await rig.untilFinished('done');
    await rig.untilFinished('failed');
    // One is in the middle: its first Task is sent, and the BMC has not followed yet.
    bmc.ignores.add('power off');
    await rig.addJob('begun', 'm2', off);
    await eventually(() => assert.equal(bmc.commands.filter((call) => call === 'power off').length, 2));
    await rig.stopAll();
    await moveWithoutStatus(rig);
    // By now the machine is at work.
    bmc.ignores.clear();
    bmc.state = 'on';
    const before = bmc.commands;
    rig.start();
    assert.equal(outcomeOf(await rig.untilFinished('done')), 'Completed');
    assert.match(outcomeOf(await rig.untilFinished('failed')), /^Failed: .*"tape" is not one of/);
    assert.match(outcomeOf(await rig.untilFinished('begun')), /^Failed: Job .*begun was begun at .* not done again/);
    for (const name of ['done-task-0', 'done-task-1', 'failed-task-0', 'begun-task-0']) {
      await rig.until(Task, name, isFinished);
    }
    assert.deepEqual(bmc.commands, before);
    assert.equal(bmc.state, 'on');
  });
});

/** Takes Jobs and Tasks away and brings them back as clusterctl does: new uids, owners mended, no status. */
async function moveWithoutStatus({ client, namespace }: BmcRig): Promise<void> {
  const { items: jobs } = await client.list(Job, { namespace });
  const { items: tasks } = await client.list(Task, { namespace });
  for (const { metadata } of jobs) await client.delete(Job, { namespace, name: metadata.name ?? '' });
  // The garbage collector may be faster: Tasks go with their Jobs.
  for (const { metadata } of tasks) {
    await client.delete(Task, { namespace, name: metadata.name ?? '' }).catch((error: unknown) => {
      if (!isReason(error, 'NotFound')) throw error;
    });
  }
  const uids = new Map<string, string>();
  for (const { apiVersion, kind, metadata, spec } of jobs) {
    const { name = '', labels = {}, annotations = {} } = metadata;
    const moved = { apiVersion, kind, metadata: { namespace, name, labels, annotations }, spec } as Job;
    uids.set(name, (await client.create(Job, moved)).metadata.uid ?? '');
  }
  for (const { apiVersion, kind, metadata, spec } of tasks) {
    const { name = '', labels = {}, annotations = {} } = metadata;
    const ownerReferences = (metadata.ownerReferences ?? []).map((owner) => ({
      ...owner,
      uid: uids.get(owner.name) ?? '',
    }));
    const moved = {
      apiVersion,
      kind,
      metadata: { namespace, name, labels, annotations, ownerReferences },
      spec,
    } as Task;
    await client.create(Task, moved);
  }
}
