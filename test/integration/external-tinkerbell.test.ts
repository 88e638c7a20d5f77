import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { kinds } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { LocalControlPlane } from '../../src/bootstrap/local/local-control-plane.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { eventually } from '../faults/eventually.ts';
import { endControlPlane, startControlPlane, testControlPlane } from '../support/control-plane.ts';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';
import { capt } from '../support/local-cli.ts';
import { Serving } from '../support/serving.ts';

/** Cluster API and the provider on one API server; Hardware, Workflows and BMCs with their services on another. */
describe('capt serve --external-kubeconfig', function () {
  this.timeout(240_000);
  let external: LocalControlPlane;
  let rig: LifecycleRig;
  let provider: Serving;
  let tinkerbell: Serving;

  before(async () => {
    external = await startControlPlane();
    const client = connect(loadKubeConfig({ path: external.kubeconfigFile }), { userAgent: 'capt-test' });
    const theirs = kinds.filter(({ group }) => group === Hardware.group || group === Job.group);
    await installCrds(client, theirs);
    const agentPort = await chooseFreePort('127.0.0.1', { taken: [] });
    rig = await LifecycleRig.create('external', { machines: 3, workers: 1, agentPort, tinkerbell: client });
    provider = new Serving('provider', [
      ...['--kubeconfig', testControlPlane().kubeconfigFile, '--namespace', rig.namespace],
      ...['--external-kubeconfig', external.kubeconfigFile, '--external-watch-namespace', rig.namespace],
      ...['--http-port', '0', '--log-level', 'warn', '--metadata-url', 'http://192.0.2.1:7080'],
    ]);
    tinkerbell = new Serving('workflow,bmc', [
      ...['--kubeconfig', external.kubeconfigFile, '--namespace', rig.namespace],
      ...['--http-port', '0', '--log-level', 'warn', '--tink-server-bind-port', String(agentPort)],
    ]);
    provider.start();
    tinkerbell.start();
  });
  after(async () => {
    await provider?.end('SIGTERM');
    await tinkerbell?.end('SIGTERM');
    await rig?.[Symbol.asyncDispose]();
    if (external !== undefined) await endControlPlane(external);
  });
  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return;
    process.stderr.write(`${rig.histories()}\n${provider.output}\n${tinkerbell.output}\n`);
  });

  const belongings: Resource<KubeObject>[] = [Hardware, Template, Workflow, Job];

  it('brings a cluster up with all objects where they belong', async () => {
    await rig.createCluster();
    await rig.untilRunning(2);
    for (const resource of belongings) {
      const here = await rig.client.list(resource, { namespace: rig.namespace });
      assert.deepEqual(here.items, [], resource.kind);
    }
    const workflows = await rig.list(Workflow);
    assert.equal(workflows.length, 2);
    // The collector of the other cluster would find no such owner, and delete them.
    for (const { metadata } of workflows) assert.equal(metadata.ownerReferences, undefined);
  });

  it('explains a machine by the hosts of the other cluster', async () => {
    await rig.scale(3);
    let homeless: string | undefined;
    await eventually(async () => {
      const machines = await rig.list(TinkerbellMachine);
      const without = machines.filter(({ spec }) => spec?.hardwareName === undefined);
      assert.deepEqual([machines.length, without.length], [4, 1]);
      homeless = without[0]?.metadata.name;
    }, 60);
    const { stdout } = await capt([
      ...['explain', 'machine', homeless ?? '', '-n', rig.namespace],
      ...['--kubeconfig', testControlPlane().kubeconfigFile, '--external-kubeconfig', external.kubeconfigFile],
    ]);
    for (const { name } of rig.rack.machines) assert.ok(stdout.includes(`${rig.namespace}/${name}`), stdout);
    await rig.scale(1);
  });

  it('gives the hosts back clean and leaves nothing', async () => {
    await rig.delete(Cluster, rig.shape.name);
    await eventually(async () => {
      assert.equal(await rig.find(Cluster, rig.shape.name), undefined);
      await rig.assertCleanHosts(3);
    }, 150);
    const left = (await Promise.all([Template, Workflow, Job].map((kind) => rig.list<KubeObject>(kind)))).flat();
    assert.deepEqual(left, []);
  });
});
