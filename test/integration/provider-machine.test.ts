import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine as BmcMachine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import {
  ownerNameLabel,
  quarantineLabel,
  quarantineReasonAnnotation,
} from '../../src/api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { getCondition } from '../../src/kube/objects/conditions.ts';

import { eventually } from '../faults/eventually.ts';
import { ProviderRig } from '../support/provider-rig.ts';

describe('a TinkerbellMachine on the real Cluster API', function () {
  this.timeout(120_000);
  let rig: ProviderRig;

  before(() => ProviderRig.create('warm').then((first) => first[Symbol.asyncDispose]()));
  beforeEach(async () => {
    rig = await ProviderRig.create('provider');
    await rig.createCluster();
  });
  afterEach(() => rig[Symbol.asyncDispose]());
  after(() => {});

  const ready = async (name: string) =>
    getCondition((await rig.get(TinkerbellMachine, name)).status?.conditions, 'Ready');
  const endWorkflow = (name: string, state: string, status: object = {}) =>
    rig.patch(Workflow, name, { status: { state, ...status } }, 'status');
  const awaitWorkflow = async (name: string) => eventually(async () => void (await rig.get(Workflow, name)));

  it('gets a host, its bootstrap data, a Workflow, and tells Cluster API when it is installed', async () => {
    await rig.createHardware('h', 10);
    rig.start();
    await eventually(async () => {
      const cluster = await rig.get(Cluster, 'c');
      assert.equal(cluster.status?.initialization?.infrastructureProvisioned, true);
      assert.equal(cluster.spec?.controlPlaneEndpoint?.host, '192.0.2.1');
    });
    await rig.createMachine('m');
    await awaitWorkflow('m');
    const hardware = await rig.get(Hardware, 'h');
    assert.equal(hardware.metadata.labels?.[ownerNameLabel], 'm');
    assert.equal(hardware.spec?.userData, `#cloud-config m tinkerbell://${rig.namespace}/h`);
    const workflow = await rig.get(Workflow, 'm');
    assert.deepEqual(workflow.spec, {
      templateRef: 'm',
      hardwareRef: 'h',
      hardwareMap: { device_1: '02:00:00:00:00:0a' },
      bootOptions: { toggleAllowNetboot: true },
    });
    await eventually(async () => assert.equal((await ready('m'))?.reason, 'Provisioning'));
    await endWorkflow('m', 'SUCCESS');
    await eventually(async () => {
      const machine = await rig.get(Machine, 'm');
      assert.equal(machine.status?.initialization?.infrastructureProvisioned, true);
      assert.equal(machine.spec?.providerID, `tinkerbell://${rig.namespace}/h`);
      assert.deepEqual(machine.status?.addresses, [
        { type: 'InternalIP', address: '198.51.100.10' },
        { type: 'Hostname', address: 'h' },
      ]);
    });
    assert.equal((await ready('m'))?.status, 'True');
  });

  it('is given back when Cluster API deletes it: nothing of it stays on the host', async () => {
    await rig.createHardware('h', 10);
    rig.start();
    await rig.createMachine('m');
    await awaitWorkflow('m');
    await endWorkflow('m', 'SUCCESS');
    await eventually(async () => assert.equal((await ready('m'))?.status, 'True'));
    await rig.delete(Machine, 'm');
    await eventually(async () => assert.equal(await rig.find(Machine, 'm'), undefined));
    const hardware = await rig.get(Hardware, 'h');
    assert.equal(hardware.metadata.labels?.[ownerNameLabel], undefined);
    assert.equal(hardware.metadata.finalizers, undefined);
    assert.equal(hardware.spec?.userData, undefined);
    assert.deepEqual(await rig.list(Workflow), []);
    assert.deepEqual(await rig.list(Template), []);
  });

  it('is tried again after failures, then fails for good and its host goes to quarantine', async () => {
    await rig.createHardware('h', 10);
    rig.start({ maxAttempts: 2, retrySeconds: 0.1 });
    await rig.createMachine('m');
    await awaitWorkflow('m');
    const first = (await rig.get(Workflow, 'm')).metadata.uid;
    await endWorkflow('m', 'FAILED');
    await eventually(async () => assert.notEqual((await rig.get(Workflow, 'm')).metadata.uid, first));
    await endWorkflow('m', 'TIMEOUT');
    await eventually(async () => assert.equal((await ready('m'))?.reason, 'ProvisioningFailed'));
    const hardware = await rig.get(Hardware, 'h');
    assert.equal(hardware.metadata.labels?.[quarantineLabel], 'true');
    assert.match(
      hardware.metadata.annotations?.[quarantineReasonAnnotation] ?? '',
      /^2 installations failed, the last: TIMEOUT/,
    );
    await rig.delete(Machine, 'm');
    await eventually(async () => assert.equal(await rig.find(Machine, 'm'), undefined));
    assert.equal((await rig.get(Hardware, 'h')).metadata.labels?.[quarantineLabel], 'true');
    assert.equal((await rig.get(Hardware, 'h')).metadata.labels?.[ownerNameLabel], undefined);
    await rig.createMachine('n');
    await eventually(async () => assert.match((await ready('n'))?.message ?? '', /1 fail "not quarantined"/));
  });

  it('is powered off and wiped through its BMC before the host is free', async () => {
    await rig.create(BmcMachine, 'b', {
      spec: {
        connection: { host: '192.0.2.9', authSecretRef: { name: 'x', namespace: rig.namespace }, insecureTLS: true },
      },
    });
    await rig.patch(
      BmcMachine,
      'b',
      { status: { powerState: 'off', conditions: [{ type: 'Contactable', status: 'True' }] } },
      'status',
    );
    await rig.createHardware('h', 10, { bmcRef: { kind: 'Machine', name: 'b' } });
    rig.start({ powerOffRetrySeconds: 0.1 });
    await rig.createMachine('m');
    await awaitWorkflow('m');
    assert.equal((await rig.get(Workflow, 'm')).spec?.bootOptions?.bootMode, 'netboot');
    await endWorkflow('m', 'SUCCESS');
    await eventually(async () => assert.equal((await ready('m'))?.status, 'True'));
    await rig.delete(Machine, 'm');
    const endJob = async (name: string, type: 'Completed' | 'Failed') => {
      await eventually(async () => void (await rig.get(Job, name)));
      await rig.patch(Job, name, { status: { conditions: [{ type, status: 'True', message: 'because' }] } }, 'status');
    };
    await eventually(async () => void (await rig.get(Job, 'm-poweroff')));
    const { annotations } = (await rig.get(TinkerbellMachine, 'm')).metadata;
    assert.equal(annotations?.['clusterctl.cluster.x-k8s.io/block-move'], '');
    const first = (await rig.get(Job, 'm-poweroff')).metadata.uid;
    await endJob('m-poweroff', 'Failed');
    await eventually(async () => assert.notEqual((await rig.get(Job, 'm-poweroff')).metadata.uid, first));
    await endJob('m-poweroff', 'Completed');
    await awaitWorkflow('m-wipe');
    assert.equal((await rig.get(Hardware, 'h')).metadata.labels?.[ownerNameLabel], 'm');
    await endWorkflow('m-wipe', 'SUCCESS');
    await endJob('m-poweroff-after-wipe', 'Completed');
    await eventually(async () => assert.equal(await rig.find(Machine, 'm'), undefined));
    assert.equal((await rig.get(Hardware, 'h')).metadata.labels?.[ownerNameLabel], undefined);
    await eventually(async () => assert.deepEqual([...(await rig.list(Workflow)), ...(await rig.list(Job))], []));
  });

  it('CAPT hardware.go:104-127 – shares no host: ten machines at one instant on exactly ten hosts', async () => {
    for (let index = 0; index < 10; index += 1) await rig.createHardware(`h${index}`, 10 + index);
    for (let index = 0; index < 10; index += 1) await rig.createMachine(`m${index}`);
    rig.start();
    await eventually(async () => {
      const owners = (await rig.list(Hardware)).map(({ metadata }) => metadata.labels?.[ownerNameLabel]);
      assert.deepEqual(
        owners.sort(),
        Array.from({ length: 10 }, (_, index) => `m${index}`),
      );
    });
    const hosts = (await rig.list(Workflow)).map(({ spec }) => spec?.hardwareRef);
    assert.equal(new Set(hosts).size, hosts.length);
  });

  it('does nothing while its Cluster is paused, deletion included', async () => {
    await rig.createHardware('h', 10);
    rig.start();
    await eventually(async () => {
      const cluster = await rig.get(TinkerbellCluster, 'c');
      assert.equal(cluster.status?.initialization?.provisioned, true);
    });
    await rig.patch(Cluster, 'c', { spec: { paused: true } });
    await rig.createMachine('m');
    await eventually(async () => {
      const { status } = await rig.get(TinkerbellMachine, 'm');
      assert.equal(getCondition(status?.conditions, 'Paused')?.status, 'True');
    });
    assert.equal((await rig.get(TinkerbellMachine, 'm')).metadata.finalizers, undefined);
    assert.equal((await rig.get(Hardware, 'h')).metadata.labels?.[ownerNameLabel], undefined);
    await rig.patch(Cluster, 'c', { spec: { paused: null } });
    await awaitWorkflow('m');
  });
});
