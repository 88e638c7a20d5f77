import { CustomResourceDefinition } from '../../../src/api/apiextensions/custom-resource-definition.ts';
import type { KubeObject } from '../../../src/api/meta/object.ts';
import type { Resource } from '../../../src/api/meta/resource.ts';
import { clusterApiProviders } from '../../../src/bootstrap/capi/providers.ts';
import type { Client } from '../../../src/kube/client/client.ts';

/** What `clusterctl init` writes down about a provider that it has installed. */
interface Provider extends KubeObject {
  providerName: string;
  type: string;
  version: string;
}

const Provider: Resource<Provider> = {
  group: 'clusterctl.cluster.x-k8s.io',
  version: 'v1alpha3',
  kind: 'Provider',
  plural: 'providers',
  namespaced: true,
};

const label = 'clusterctl.cluster.x-k8s.io';

/**
 * Leaves a management cluster as `clusterctl init` leaves it: every CRD of every provider labelled, and an inventory of the
 * providers. Init itself would point webhooks at pods, of which there are none.
 */
export async function finishInit(client: Client, versions: { clusterApi: string; ours: string }): Promise<void> {
  await client.apply(CustomResourceDefinition, providerCrd, { fieldManager: 'capt-test', force: true });
  const { items } = await client.list(CustomResourceDefinition, { labelSelector: 'cluster.x-k8s.io/provider' });
  for (const { metadata } of items) {
    await client.mergePatch(
      CustomResourceDefinition,
      { name: metadata.name ?? '' },
      { metadata: { labels: { [label]: '' } } },
    );
  }
  for (const { label: name, name: providerName, type } of clusterApiProviders) {
    await write(client, `${name}-system`, { name, providerName, type, version: versions.clusterApi });
  }
  const ours = { name: 'infrastructure-tinkerbell', providerName: 'tinkerbell', type: 'InfrastructureProvider' };
  await write(client, 'capt-system', { ...ours, version: versions.ours });
}

async function write(
  client: Client,
  namespace: string,
  { name, ...fields }: { name: string; providerName: string; type: string; version: string },
): Promise<void> {
  const labels = { [label]: '', [`${label}/core`]: 'inventory', 'cluster.x-k8s.io/provider': name };
  const metadata = { namespace: namespaces[name] ?? namespace, name, labels };
  const object = { apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3', kind: 'Provider', metadata, ...fields };
  await client.apply(Provider, object, { fieldManager: 'capt-test', force: true });
}

const namespaces: Record<string, string> = {
  'cluster-api': 'capi-system',
  'bootstrap-kubeadm': 'capi-kubeadm-bootstrap-system',
  'control-plane-kubeadm': 'capi-kubeadm-control-plane-system',
};

const providerCrd: CustomResourceDefinition & { metadata: { name: string } } = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'providers.clusterctl.cluster.x-k8s.io', labels: { [label]: '', [`${label}/core`]: '' } },
  spec: {
    group: Provider.group,
    scope: 'Namespaced',
    names: { kind: 'Provider', listKind: 'ProviderList', plural: 'providers', singular: 'provider' },
    versions: [
      {
        name: Provider.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
} as CustomResourceDefinition & { metadata: { name: string } };
