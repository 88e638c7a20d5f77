import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
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
});
