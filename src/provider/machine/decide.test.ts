import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { provisionedAnnotation, quarantineLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { finishedAnnotation } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import { blockMoveAnnotation, deleteForMoveAnnotation, pausedAnnotation } from '../names.ts';
import { decide } from './decide.ts';
import { FakeFacts } from './fake-facts.ts';

describe('the next step of a TinkerbellMachine', () => {
  let world: FakeFacts;
  const step = () => decide(world.facts);
  const reason = () => {
    const next = step();
    return next?.kind === 'rest' ? `${next.ready.reason}: ${next.ready.message}` : next?.kind;
  };
  const live = 'tinkerbell://ns/h';

  beforeEach(() => {
    world = new FakeFacts();
  });

  describe('towards a host', () => {
    it('waits for its Machine, its Cluster, the infrastructure, the bootstrap data, in this order', () => {
      const { owner, cluster } = world;
      world.owner = undefined;
      world.cluster = undefined;
      assert.match(reason() ?? '', /^WaitingForMachine/);
      world.owner = owner;
      assert.match(reason() ?? '', /^WaitingForCluster: Cluster c does not exist/);
      world.cluster = { ...(cluster as NonNullable<typeof cluster>), status: {} };
      assert.match(reason() ?? '', /^WaitingForClusterInfrastructure/);
      world.cluster = cluster;
      delete world.owner?.spec?.bootstrap.dataSecretName;
      assert.match(reason() ?? '', /^WaitingForBootstrapData/);
    });

    it('CAPT scope.go:175-181 – puts its finalizer on before it claims anything', () => {
      world.addHardware('h');
      delete world.machine.metadata.finalizers;
      assert.equal(step()?.kind, 'addFinalizer');
    });

    it('claims, writes down whom, delivers, writes the Template, then the Workflow', () => {
      world.addHardware('h');
      assert.equal(step()?.kind, 'claim');
      world.hardware = [];
      const hardware = world.addHardware('h', { owner: 'm' });
      assert.equal(step()?.kind, 'recordClaim');
      world.machine.spec = { hardwareName: 'h' };
      assert.equal(step()?.kind, 'deliver');
      Object.assign(hardware.spec ?? {}, { userData: 'x' });
      assert.deepEqual(step()?.kind, 'writeTemplate');
      world.addTemplate('template text');
      assert.equal(step()?.kind, 'createWorkflow');
      world.addWorkflow('h', 'RUNNING');
      assert.match(reason() ?? '', /^Provisioning: Workflow ns\/m: actions are running/);
    });

    it('says how to find out why no host is its, as one has to type it', () => {
      world.addHardware('h', { owner: 'other' });
      assert.match(reason() ?? '', /^WaitingForHardware: none of 1 .* capt explain machine m -n ns tells each one$/);
    });

    it('CAPT workflow.go:49 – lives with Hardware that has no metadata', () => {
      world.addHardware('h', { owner: 'm', userData: 'x' });
      world.machine.spec = { hardwareName: 'h' };
      world.addTemplate('template text');
      assert.equal(step()?.kind, 'createWorkflow');
    });

    it('CAPT template.go:302-316 – brings the Template up to date before the Workflow begins, and says so when it is too late', () => {
      world.addHardware('h', { owner: 'm', userData: 'x' });
      world.machine.spec = { hardwareName: 'h' };
      world.addTemplate('an older text');
      const next = step();
      assert.deepEqual(next?.kind === 'writeTemplate' && [next.data, next.exists], ['template text', true]);
      world.addWorkflow('h', 'RUNNING');
      assert.match(reason() ?? '', /the source has changed since; the next attempt uses it/);
    });

    it('CAPT hardware.go:251-268 – never chooses another host than the one it named', () => {
      world.addHardware('h', { owner: 'other' });
      world.addHardware('free');
      world.machine.spec = { hardwareName: 'h' };
      assert.match(reason() ?? '', /^HardwareLost: Hardware ns\/h, .* belongs to TinkerbellMachine ns\/other now/);
      world.hardware = [];
      world.addHardware('free');
      assert.match(reason() ?? '', /^HardwareLost: .* is gone/);
      const again = world.addHardware('h');
      const next = step();
      assert.equal(next?.kind === 'claim' && next.hardware, again);
    });

    it('marks the host first, then publishes the provider ID', () => {
      const hardware = world.addHardware('h', { owner: 'm', userData: 'x' });
      world.machine.spec = { hardwareName: 'h' };
      world.addWorkflow('h', 'SUCCESS');
      assert.equal(step()?.kind, 'markProvisioned');
      hardware.metadata.annotations = { [provisionedAnnotation]: 'true' };
      assert.deepEqual(step(), { kind: 'publish', providerID: live });
    });

    it('leaves the mark to whoever stops the netboot, as long as that is about to be done', () => {
      world.addHardware('h', { owner: 'm', userData: 'x' });
      world.machine.spec = { hardwareName: 'h' };
      const annotations = { [finishedAnnotation]: 'SUCCESS' };
      const workflow = world.addWorkflow('h', 'POST', { annotations });
      workflow.status = { state: 'POST', bootOptions: { allowNetboot: { toggledTrue: true } } };
      assert.match(reason() ?? '', /^Provisioning: Workflow ns\/m: actions are done/);
      workflow.status = { state: 'POST', bootOptions: { allowNetboot: { toggledTrue: true, toggledFalse: true } } };
      assert.equal(step()?.kind, 'markProvisioned');
      workflow.status = {};
      assert.equal(step()?.kind, 'markProvisioned');
    });

    it('CAPT scope.go:193-200 – takes no annotation for proof that is not its own: the claim clears it', () => {
      const hardware = world.addHardware('h');
      hardware.metadata.annotations = { [provisionedAnnotation]: 'true' };
      assert.equal(step()?.kind, 'claim');
    });
  });

  describe('after a failure', () => {
    beforeEach(() => {
      world.addHardware('h', { owner: 'm', userData: 'x' });
      world.machine.spec = { hardwareName: 'h' };
      world.options.maxAttempts = 2;
      world.options.retrySeconds = 30;
    });
    const count = () => {
      const next = step();
      assert.equal(next?.kind, 'countFailure');
      if (next?.kind !== 'countFailure') return;
      world.machine.metadata.annotations = { 'capt.tinkerbell.org/failed-attempts': JSON.stringify(next.attempts) };
    };

    it('CAPT scope.go:213-217 – counts it once, waits, clears it away, tries again, then gives up with a reason', () => {
      world.addWorkflow('h', 'FAILED');
      count();
      assert.match(
        reason() ?? '',
        /^Provisioning: attempt 1 of 2 failed: FAILED; next attempt at 2026-01-01T00:00:30Z/,
      );
      world.nowMs += 30_000;
      assert.equal(step()?.kind, 'deleteWorkflow');
      world.workflows = [];
      world.addTemplate('template text');
      assert.equal(step()?.kind, 'createWorkflow');
      world.addWorkflow('h', 'TIMEOUT', { uid: 'uid-2' });
      count();
      const next = step();
      assert.match(next?.kind === 'quarantine' ? next.reason : '', /^2 installations failed, the last: TIMEOUT/);
      Object.assign(world.hardware[0]?.metadata.labels ?? {}, { [quarantineLabel]: 'true' });
      assert.match(reason() ?? '', /^ProvisioningFailed: all 2 attempts failed/);
    });

    it('counts the same Workflow once, whatever is lost in between', () => {
      world.addWorkflow('h', 'FAILED');
      count();
      assert.notEqual(step()?.kind, 'countFailure');
    });

    it('names the action that failed', () => {
      const workflow = world.addWorkflow('h', 'FAILED');
      const action = { id: '1', name: 'stream image', image: 'x', state: 'FAILED', message: 'no space' };
      workflow.status = { state: 'FAILED', tasks: [{ id: 't', name: 't', agentID: 'a', actions: [action] }] };
      const next = step();
      assert.equal(next?.kind === 'countFailure' && next.attempts.reason, 'action stream image FAILED: no space');
    });
  });

  describe('once installed', () => {
    beforeEach(() => {
      world.machine.spec = { hardwareName: 'h', providerID: live };
    });
    const rest = () => {
      const next = step();
      assert.equal(next?.kind, 'rest');
      return next?.kind === 'rest' ? next : undefined;
    };

    it('is ready with every address, and needs no bootstrap data any more', () => {
      world.addHardware('h', { owner: 'm' });
      delete world.owner?.spec?.bootstrap.dataSecretName;
      assert.deepEqual(rest()?.status, {
        ready: true,
        initialization: { provisioned: true },
        addresses: [
          { type: 'InternalIP', address: '192.0.2.1' },
          { type: 'Hostname', address: 'h' },
        ],
        targetNamespace: 'ns',
      });
    });

    it('after a move, its Workflow moved without status: nothing is done but look', () => {
      world.addHardware('h', { owner: 'm' }).metadata.annotations = { [provisionedAnnotation]: 'true' };
      world.addWorkflow('h', '');
      assert.equal(rest()?.ready.status, 'True');
      world.workflows = [];
      world.addWorkflow('h', '', { annotations: { [finishedAnnotation]: 'SUCCESS' } });
      assert.equal(rest()?.ready.status, 'True');
    });

    it('puts its labels back when they were lost, and says when the host is somebody else’s', () => {
      const hardware = world.addHardware('h');
      assert.deepEqual(step(), { kind: 'reclaim', hardware });
      world.hardware = [];
      world.addHardware('h', { owner: 'other' });
      assert.match(reason() ?? '', /^HardwareLost/);
      assert.deepEqual(rest()?.status?.initialization, { provisioned: true });
      world.hardware = [];
      assert.match(reason() ?? '', /^HardwareMissing: Hardware of tinkerbell:\/\/ns\/h does not exist/);
    });

    it('goes on where CAPT was: with a provider ID, but with a Workflow that has not succeeded', () => {
      world.addHardware('h', { owner: 'm', userData: 'x' });
      world.addWorkflow('h', 'RUNNING');
      assert.match(reason() ?? '', /^Provisioning/);
      world.workflows = [];
      world.addWorkflow('h', 'SUCCESS');
      assert.equal(rest()?.ready.status, 'True');
    });
  });

  describe('is none', () => {
    it('while the Cluster or the machine is paused, deletion included', () => {
      world.addHardware('h', { owner: 'm' });
      world.machine.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      Object.assign(world.cluster?.spec ?? {}, { paused: true });
      const next = step();
      assert.equal(next?.kind === 'rest' && next.paused, 'Cluster spec.paused is set to true');
      world.cluster = undefined;
      world.machine.metadata.annotations = { [pausedAnnotation]: '' };
      const other = step();
      assert.match(other?.kind === 'rest' ? (other.paused ?? '') : '', /annotation/);
    });

    it('for what clusterctl is about to delete at the source of a move', () => {
      world.addHardware('h', { owner: 'm' });
      world.machine.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      world.machine.metadata.annotations = { [deleteForMoveAnnotation]: '' };
      assert.equal(step(), undefined);
    });
  });

  describe('when it is deleted', () => {
    const mine = { [machineNameLabel]: 'm', [machineNamespaceLabel]: 'ns' };
    beforeEach(() => {
      world.machine.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      world.machine.spec = { hardwareName: 'h' };
      world.machine.metadata.annotations = { [blockMoveAnnotation]: '' };
      world.options.releaseTimeoutSeconds = 600;
    });

    it('CAPT tinkerbellmachine.go:152-165 – needs neither Machine nor Cluster nor bootstrap data', () => {
      world.owner = undefined;
      world.cluster = undefined;
      const hardware = world.addHardware('h', { owner: 'm' });
      assert.deepEqual(step(), { kind: 'release', hardware });
      world.hardware = [];
      assert.deepEqual(step(), { kind: 'removeFinalizer', leftovers: [] });
    });

    it('stops the installation before anything else', () => {
      world.addHardware('h', { owner: 'm', bmc: 'b' });
      world.addWorkflow('h', 'RUNNING', { labels: mine });
      world.addTemplate('x', { labels: mine });
      assert.equal(step()?.kind, 'deleteWorkflow');
      Object.assign(world.workflows[0]?.metadata ?? {}, { deletionTimestamp: '2026-01-01T00:00:00Z' });
      assert.match(reason() ?? '', /^Deleting: Workflow ns\/m is being deleted/);
      world.workflows = [];
      assert.equal(step()?.kind, 'deleteTemplate');
    });

    it('CAPT hardware.go:307-325 – touches no host whose labels name somebody else', () => {
      world.addHardware('h', { owner: 'winner', bmc: 'b' });
      assert.equal(step()?.kind, 'removeFinalizer');
    });

    it('holds off a move before the host is touched: the target would take it for live', () => {
      world.addHardware('h', { owner: 'm', bmc: 'b' });
      world.addBmc('b');
      world.machine.metadata.annotations = {};
      assert.deepEqual(step(), { kind: 'blockMove' });
    });

    it('powers off, wipes, powers off, gives back, lets go', () => {
      const hardware = world.addHardware('h', { owner: 'm', bmc: 'b' });
      world.addBmc('b');
      const off = step();
      assert.deepEqual(off?.kind === 'createJob' && [off.name.name, off.actions], [
        'm-poweroff',
        [{ powerAction: 'off' }],
      ]);
      world.addJob('m-poweroff');
      assert.match(reason() ?? '', /^Deleting: Job ns\/m-poweroff powers the host off/);
      world.jobs = [];
      world.addJob('m-poweroff', 'Completed');
      const template = step();
      assert.match(template?.kind === 'writeTemplate' ? template.data : '', /DEST_DISK: \/dev\/sda/);
      world.addTemplate(template?.kind === 'writeTemplate' ? template.data : '', { name: 'm-wipe' });
      assert.equal(step()?.kind, 'createWorkflow');
      const uid = { annotations: { 'capt.tinkerbell.org/machine-uid': 'uid-m' } };
      world.addWorkflow('h', 'RUNNING', { name: 'm-wipe', ...uid });
      assert.match(reason() ?? '', /^Deleting: Workflow ns\/m-wipe: actions are running/);
      world.workflows = [];
      world.addWorkflow('h', 'SUCCESS', { name: 'm-wipe', ...uid });
      const again = step();
      assert.equal(again?.kind === 'createJob' && again.name.name, 'm-poweroff-after-wipe');
      world.addJob('m-poweroff-after-wipe', 'Completed');
      assert.deepEqual(step(), { kind: 'release', hardware });
    });

    it('does not wipe when it should not', () => {
      const hardware = world.addHardware('h', { owner: 'm', bmc: 'b' });
      world.addBmc('b');
      world.addJob('m-poweroff', 'Completed');
      world.machine.spec = { hardwareName: 'h', releasePolicy: { wipe: 'None' } };
      assert.deepEqual(step(), { kind: 'release', hardware });
    });

    it('CAPT bmc.go:66-88 – tries a power-off that failed again, takes no stale Job for its own, and ends in bounded time', () => {
      world.addHardware('h', { owner: 'm', bmc: 'b' });
      world.addBmc('b');
      world.addJob('m-poweroff', 'Completed', {
        annotations: { 'capt.tinkerbell.org/machine-uid': 'an earlier machine' },
      });
      assert.equal(step()?.kind, 'deleteJob');
      world.jobs = [];
      world.addJob('m-poweroff', 'Failed', {
        annotations: { 'capt.tinkerbell.org/machine-uid': 'uid-m' },
        creationTimestamp: '2026-01-01T00:00:00Z',
      });
      assert.match(reason() ?? '', /^Deleting: Job ns\/m-poweroff failed: because; it is tried again/);
      world.nowMs += 30_000;
      assert.equal(step()?.kind, 'deleteJob');
      world.nowMs += 570_000;
      const end = step();
      assert.match(
        end?.kind === 'release' ? (end.quarantine ?? '') : '',
        /^the release took too long: Job ns\/m-poweroff failed/,
      );
    });

    it('sets the host aside when the wipe fails or its BMC is missing for too long', () => {
      world.addHardware('h', { owner: 'm', bmc: 'b' });
      assert.match(reason() ?? '', /^Deleting: bmc Machine b does not exist/);
      world.nowMs += 600_000;
      assert.equal(step()?.kind, 'release');
      world.addJob('m-poweroff', 'Completed');
      world.addWorkflow('h', 'FAILED', { name: 'm-wipe', annotations: { 'capt.tinkerbell.org/machine-uid': 'uid-m' } });
      const end = step();
      assert.match(end?.kind === 'release' ? (end.quarantine ?? '') : '', /^the wipe failed: FAILED/);
    });

    it('keeps a quarantined host in quarantine', () => {
      const hardware = world.addHardware('h', { owner: 'm' });
      Object.assign(hardware.metadata.labels ?? {}, { [quarantineLabel]: 'true' });
      hardware.metadata.annotations = { 'capt.tinkerbell.org/quarantine-reason': 'dust' };
      assert.deepEqual(step(), { kind: 'release', hardware, quarantine: 'dust' });
    });
  });
});
