import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { kinds } from '../../src/api/kinds.ts';
import { apiVersionOf } from '../../src/api/meta/resource.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { KubeError } from '../../src/kube/client/errors.ts';
import { testClusterApi } from '../support/cluster-api.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { TestNamespace } from '../support/test-namespace.ts';

/** The older version that users' manifests still have. */
const oldCluster = { ...Cluster, version: 'v1beta1' };

const infrastructureRef = { apiGroup: TinkerbellCluster.group, kind: TinkerbellCluster.kind, name: 'absent' };
const oldReference = {
  apiVersion: apiVersionOf(TinkerbellCluster),
  kind: TinkerbellCluster.kind,
  name: 'absent',
} as never;

describe('the real Cluster API as processes', function () {
  this.timeout(120_000);

  before(async () => {
    await testClusterApi(testControlPlane());
    await using namespace = await TestNamespace.create('capi');
    await installCrds(namespace.client, kinds);
  });

  it('runs all three managers', async () => {
    const { managers, version } = await testClusterApi(testControlPlane());
    assert.match(version, /^v1\.\d+\.\d+$/);
    assert.deepEqual(
      managers.processes.map(({ name, state, restarts }) => ({ name, state, restarts })),
      ['cluster-api', 'bootstrap-kubeadm', 'control-plane-kubeadm'].map((name) => ({
        name,
        state: 'ready',
        restarts: 0,
      })),
    );
  });

  it('converts objects of an older version and refuses wrong ones by its webhooks', async () => {
    await using namespace = await TestNamespace.create('capi');
    const metadata = { namespace: namespace.name, name: 'old' };
    await namespace.client.create(oldCluster, {
      apiVersion: 'cluster.x-k8s.io/v1beta1',
      kind: 'Cluster',
      metadata,
      spec: {
        paused: true,
        clusterNetwork: { pods: { cidrBlocks: ['10.0.0.0/16'] } },
        infrastructureRef: oldReference,
      },
    });
    const now = await namespace.client.get(Cluster, metadata);
    assert.equal(now.spec?.paused, true);
    assert.deepEqual(now.spec?.clusterNetwork?.pods?.cidrBlocks, ['10.0.0.0/16']);

    const wrong: Cluster = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { namespace: namespace.name, name: 'wrong' },
      spec: { paused: true, clusterNetwork: { pods: { cidrBlocks: ['nonsense'] } }, infrastructureRef },
    };
    await assert.rejects(
      namespace.client.create(Cluster, wrong),
      (error) =>
        error instanceof KubeError && /cidrBlocks/i.test(error.message) && /admission webhook/.test(error.message),
    );
  });

  it('acts on what a user creates: a Cluster gets its finalizer', async () => {
    await using namespace = await TestNamespace.create('capi');
    const metadata = { namespace: namespace.name, name: 'plain' };
    const spec = { infrastructureRef };
    await namespace.client.create(Cluster, { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', metadata, spec });
    const stop = AbortSignal.timeout(30_000);
    const {
      metadata: { resourceVersion = '' },
    } = await namespace.client.list(Cluster, { namespace: namespace.name });
    let seen = await namespace.client.get(Cluster, metadata);
    for await (const events of namespace.client.watch(Cluster, {
      namespace: namespace.name,
      resourceVersion,
      signal: stop,
    })) {
      if (seen.metadata.finalizers?.length) break;
      seen = (events.findLast(({ type }) => type === 'MODIFIED')?.object as Cluster | undefined) ?? seen;
      if (seen.metadata.finalizers?.length) break;
    }
    assert.deepEqual(seen.metadata.finalizers, ['cluster.cluster.x-k8s.io']);
  });
});
