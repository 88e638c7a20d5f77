import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { after, before, describe, it } from 'mocha';
import { CustomResourceDefinition } from '../../src/api/apiextensions/custom-resource-definition.ts';
import { Namespace } from '../../src/api/core/namespace.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { knownResource } from '../../src/bootstrap/install/known-kinds.ts';
import type { LocalControlPlane } from '../../src/bootstrap/local/local-control-plane.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { eventually } from '../faults/eventually.ts';
import { testClusterApi } from '../support/cluster-api.ts';
import { Clusterctl } from '../support/clusterctl.ts';
import { endControlPlane, startControlPlane, testControlPlane } from '../support/control-plane.ts';

interface Provider extends KubeObject {
  type?: string;
  version?: string;
}

const Provider: Resource<Provider> = {
  group: 'clusterctl.cluster.x-k8s.io',
  version: 'v1alpha3',
  kind: 'Provider',
  plural: 'providers',
  namespaced: true,
};

const Deployment: Resource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

/** On a control plane of its own: what clusterctl installs points webhooks at pods, and there are none here. */
describe('clusterctl init and delete', function () {
  this.timeout(180_000);
  let controlPlane: LocalControlPlane;
  let client: Client;
  let clusterctl: Clusterctl;
  let versions: { clusterApi: string; ours: string };

  before(async () => {
    const clusterApi = await testClusterApi(testControlPlane());
    clusterctl = await Clusterctl.prepare(clusterApi);
    versions = { clusterApi: clusterApi.version, ours: clusterctl.release.version };
    controlPlane = await startControlPlane();
    client = connect(loadKubeConfig({ path: controlPlane.kubeconfigFile }), { userAgent: 'capt-test' });
    for (const crd of yaml.loadAll(
      readFileSync(clusterctl.certManagerManifest, 'utf8'),
    ) as CustomResourceDefinition[]) {
      await client.create(CustomResourceDefinition, crd);
    }
  });
  after(async () => {
    await client?.close();
    if (controlPlane !== undefined) await endControlPlane(controlPlane);
  });

  const run = (...args: string[]) => clusterctl.run([...args, '--kubeconfig', controlPlane.kubeconfigFile]);
  /** Objects of the provider that are not of a kind of ours. */
  const installed = async () => {
    const found: string[] = [];
    const labelSelector = 'cluster.x-k8s.io/provider=infrastructure-tinkerbell';
    for (const kind of installedKinds) {
      const { items } = await client.list(kind === 'Deployment' ? Deployment : knownResource(kind), { labelSelector });
      found.push(...items.map(({ metadata }) => `${kind} ${metadata.name}`));
    }
    return found;
  };
  const installedKinds = [
    'ClusterRole',
    'ClusterRoleBinding',
    'Deployment',
    'MutatingWebhookConfiguration',
    'Role',
    'RoleBinding',
    'ServiceAccount',
    'ValidatingWebhookConfiguration',
  ];

  /**
   * Each init probes cert-manager in a namespace of its own and deletes that without waiting. An init that meets the
   * namespace while it is terminating takes it for there, and then asks in vain for minutes to have something made in it.
   */
  const untilProbeIsGone = () =>
    eventually(async () => {
      assert.equal(await client.find(Namespace, { name: 'cert-manager-test' }), undefined);
    }, 60);

  it('installs this provider beside Cluster API', async () => {
    const kubeadm = `kubeadm:${versions.clusterApi}`;
    await run(
      'init',
      ...['--core', `cluster-api:${versions.clusterApi}`, '--bootstrap', kubeadm, '--control-plane', kubeadm],
      ...['--infrastructure', `tinkerbell:${versions.ours}`],
    );
    const { items } = await client.list(Provider);
    assert.deepEqual(
      items.map(({ metadata, type, version }) => `${metadata.namespace}/${metadata.name} ${type} ${version}`).at(-1),
      `capt-system/infrastructure-tinkerbell InfrastructureProvider ${versions.ours}`,
    );
    assert.deepEqual(await installed(), [
      'ClusterRole capt-system-manager',
      'ClusterRoleBinding capt-system-manager',
      'Deployment capt-controller-manager',
      'MutatingWebhookConfiguration capt-system-mutating-webhook',
      'Role capt-leader-election',
      'RoleBinding capt-leader-election',
      'ServiceAccount capt-manager',
      'ValidatingWebhookConfiguration capt-system-validating-webhook',
    ]);
  });

  it('takes away all that it installed, but not what users have made', async () => {
    await run('delete', '--infrastructure', 'tinkerbell');
    assert.deepEqual(await installed(), []);
    const { items } = await client.list(CustomResourceDefinition);
    assert.ok(items.some(({ metadata }) => metadata.name === 'hardware.tinkerbell.org'));
  });

  it('installs it again', async () => {
    await untilProbeIsGone();
    await run('init', '--infrastructure', `tinkerbell:${versions.ours}`);
    assert.equal((await installed()).length, installedKinds.length);
  });
});
