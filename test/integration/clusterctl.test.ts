import assert from 'node:assert/strict';
import * as yaml from 'js-yaml';
import { before, describe, it } from 'mocha';
import { TinkerbellCluster } from '../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import { kinds } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import { resourceName } from '../../src/api/meta/resource.ts';
import { eventually } from '../faults/eventually.ts';
import { testClusterApi } from '../support/cluster-api.ts';
import { Clusterctl } from '../support/clusterctl.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { OwnProvider } from '../support/own-provider.ts';
import { TestNamespace } from '../support/test-namespace.ts';

interface Deployment {
  spec: {
    template: { spec: { containers: { args: string[]; env: { name: string; value?: string }[] }[] } };
  };
}

const flavors = [
  {
    flavor: '',
    variables: { CONTROL_PLANE_VIP: '192.0.2.1' },
    kindsOf: [
      'Cluster',
      'KubeadmConfigTemplate',
      'KubeadmControlPlane',
      'MachineDeployment',
      'MachineHealthCheck',
      'TinkerbellCluster',
      'TinkerbellMachineTemplate',
      'TinkerbellMachineTemplate',
    ],
  },
  {
    flavor: 'single',
    variables: { CONTROL_PLANE_HOST: '192.0.2.1' },
    kindsOf: ['Cluster', 'KubeadmControlPlane', 'TinkerbellCluster', 'TinkerbellMachineTemplate'],
  },
];

const all = (text: string) => yaml.loadAll(text).filter((each) => each != null) as KubeObject[];

describe('clusterctl and this provider', function () {
  this.timeout(120_000);
  let clusterctl: Clusterctl;
  let infrastructure: string;

  before(async () => {
    clusterctl = await Clusterctl.prepare(await testClusterApi(testControlPlane()));
    infrastructure = `tinkerbell:${clusterctl.release.version}`;
  });

  it('processes the components: everything labelled, every CRD of ours, names that delete finds again', async () => {
    const objects = all(await clusterctl.run(['generate', 'provider', '--infrastructure', infrastructure]));
    for (const { kind, metadata } of objects) {
      const about = `${kind} ${metadata.name}`;
      assert.equal(metadata.labels?.['cluster.x-k8s.io/provider'], 'infrastructure-tinkerbell', about);
      assert.equal(metadata.labels?.['clusterctl.cluster.x-k8s.io'], '', about);
      if (kind === 'CustomResourceDefinition' || kind === 'Namespace') continue;
      if (metadata.namespace === undefined) assert.match(metadata.name ?? '', /^capt-system-/, about);
      else assert.equal(metadata.namespace, 'capt-system', about);
    }
    const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(({ metadata }) => metadata.name);
    assert.deepEqual(crds.sort(), kinds.map(resourceName).sort());
  });

  it('fills in what users set, and leaves out what they do not', async () => {
    const settings = async (variables: NodeJS.ProcessEnv) => {
      const text = await clusterctl.run(['generate', 'provider', '--infrastructure', infrastructure], variables);
      const deployment = all(text).find(({ kind }) => kind === 'Deployment') as unknown as Deployment;
      const [manager] = deployment.spec.template.spec.containers;
      const address = manager?.env.find(({ name }) => name === 'TINKERBELL_PUBLIC_IPV4')?.value ?? '';
      return { address, services: manager?.args.find((each) => each.startsWith('--services=')) };
    };
    assert.deepEqual(await settings({}), {
      address: '',
      services: '--services=provider,workflow,metadata,netboot,bmc',
    });
    assert.deepEqual(await settings({ TINKERBELL_IP: '192.0.2.1', CAPT_SERVICES: 'provider' }), {
      address: '192.0.2.1',
      services: '--services=provider',
    });
  });

  describe('makes clusters from our templates that the API server and all webhooks accept', () => {
    for (const { flavor, variables, kindsOf } of flavors) {
      it(`flavor ${flavor || '(none)'}`, async () => {
        await using namespace = await TestNamespace.create('flavor');
        const { client, name } = namespace;
        const args = ['generate', 'cluster', 'c', '-i', infrastructure, '-n', name, ...(flavor ? ['-f', flavor] : [])];
        const listed = await clusterctl.run([...args, '--list-variables']);
        for (const variable of Object.keys(variables)) assert.match(listed, new RegExp(`^ +- ${variable}`, 'm'));
        const sizes = [
          '--kubernetes-version',
          'v1.35.0',
          '--control-plane-machine-count=1',
          '--worker-machine-count=2',
        ];
        const objects = all(await clusterctl.run([...args, ...sizes], variables));
        assert.deepEqual(objects.map(({ kind }) => kind).sort(), kindsOf);
        await using provider = await OwnProvider.start(clusterctl, { services: 'provider', namespace: name });
        for (const object of objects) {
          const [group = '', version = ''] = (object.apiVersion ?? '').split('/');
          const resource = { group, version, kind: object.kind ?? '', namespaced: true };
          await client.create({ ...resource, plural: `${resource.kind.toLowerCase()}s` }, object);
        }
        await eventually(async () => {
          const cluster = await client.get(TinkerbellCluster, { namespace: name, name: 'c' });
          assert.equal(cluster.status?.initialization?.provisioned, true, provider.output);
        });
      });
    }
  });
});
