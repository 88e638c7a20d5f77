import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { TinkerbellMachineTemplate } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine-template.ts';
import { apiVersionOf } from '../../src/api/meta/resource.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import { KubeError } from '../../src/kube/client/errors.ts';
import { testClusterApi } from '../support/cluster-api.ts';
import { Clusterctl } from '../support/clusterctl.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';
import { OwnProvider } from '../support/own-provider.ts';

/** Nobody may take the ports of DHCP, TFTP and syslog in a test; what these services do to the API server they do anyhow. */
const quietNetboot = ['--dhcp-enabled=false', '--tftp-server-enabled=false', '--syslog-enabled=false'];

describe('capt serve with the rights of its manifests', function () {
  this.timeout(240_000);
  let rig: LifecycleRig;
  let provider: OwnProvider;

  before(async () => {
    const clusterctl = await Clusterctl.prepare(await testClusterApi(testControlPlane()));
    const agentPort = await chooseFreePort('127.0.0.1', { taken: [] });
    rig = await LifecycleRig.create('rights', { machines: 3, workers: 2, agentPort });
    const services = 'provider,workflow,metadata,netboot,bmc';
    provider = await OwnProvider.start(clusterctl, {
      services,
      namespace: rig.namespace,
      agentPort,
      flags: quietNetboot,
    });
  });
  after(async () => {
    await provider?.[Symbol.asyncDispose]();
    await rig?.[Symbol.asyncDispose]();
  });

  it('installs machines and gives hosts back, and nothing is forbidden', async () => {
    await rig.createCluster();
    await rig.untilRunning(3, 180);
    await rig.scale(1);
    await rig.untilRunning(2, 180);
    await rig.untilClean(1);
    await provider.assertNothingForbidden();
  });

  it('asks its webhooks: defaults are there, what is wrong is refused with field and fix', async () => {
    const { namespace } = rig;
    const metadata = { namespace, name: 'wrong' };
    const spec = { template: { spec: { hardwareName: 'h', bootOptions: { bootMode: 'iso' as const } } } };
    await assert.rejects(
      rig.client.create(TinkerbellMachineTemplate, {
        apiVersion: apiVersionOf(TinkerbellMachineTemplate),
        kind: TinkerbellMachineTemplate.kind,
        metadata,
        spec,
      }),
      (error) =>
        error instanceof KubeError &&
        /spec\.template\.spec\.hardwareName.*leave it out/.test(error.message) &&
        /spec\.template\.spec\.bootOptions\.isoURL.*set it/.test(error.message),
    );
  });
});
