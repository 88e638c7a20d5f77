import * as yaml from 'js-yaml';
import type { KubeObject } from '../../api/meta/object.ts';
import { substitute, type Variables } from './substitute.ts';

/** How the API server reaches the webhooks of a manager that is a process beside it. */
export interface WebhookAddress {
  /** `https://127.0.0.1:9443`, a host that the manager's certificate names. */
  url: string;
  /** Authority of that certificate, PEM. */
  ca: string;
}

/** What the Deployment among a provider's manifests says about its manager. */
export interface ManagerSettings {
  namespace: string;
  serviceAccount: string;
  /** Arguments of the container, variables filled in. */
  args: string[];
}

interface Deployment extends KubeObject {
  spec?: {
    template?: { spec?: { serviceAccountName?: string; containers?: { name: string; args?: string[] }[] } };
  };
}

interface ClientConfig {
  service?: { path?: string };
  url?: string;
  caBundle?: string;
}

/** The objects of a manifest, variables filled in. Throws on YAML that is none, or a variable without a value. */
export function parseComponents(text: string, variables: Variables = {}): KubeObject[] {
  return yaml
    .loadAll(substitute(text, variables))
    .filter((document): document is KubeObject => typeof document === 'object' && document !== null);
}

/** Throws when there is no Deployment with a container called `manager`, which clusterctl's contract asks for. */
export function managerSettings(objects: readonly KubeObject[]): ManagerSettings {
  for (const object of objects.filter(({ kind }) => kind === 'Deployment') as Deployment[]) {
    const pod = object.spec?.template?.spec;
    const manager = pod?.containers?.find(({ name }) => name === 'manager');
    if (manager === undefined) continue;
    const { namespace = 'default' } = object.metadata;
    return { namespace, serviceAccount: pod?.serviceAccountName ?? 'default', args: manager.args ?? [] };
  }
  throw new Error('the manifest has no Deployment with a container called "manager"');
}

/** The same objects with every webhook, also that of conversion between versions, asked by URL and not by Service. */
export function withWebhooksAt(objects: readonly KubeObject[], address: WebhookAddress): KubeObject[] {
  return objects.map((object) => {
    const copy = structuredClone(object);
    for (const config of clientConfigs(copy)) pointTo(config, address);
    return copy;
  });
}

function clientConfigs(object: KubeObject): ClientConfig[] {
  if (object.kind === 'CustomResourceDefinition') {
    const { spec } = object as { spec?: { conversion?: { webhook?: { clientConfig?: ClientConfig } } } };
    const config = spec?.conversion?.webhook?.clientConfig;
    return config === undefined ? [] : [config];
  }
  const { webhooks = [] } = object as { webhooks?: { clientConfig: ClientConfig }[] };
  return webhooks.map(({ clientConfig }) => clientConfig);
}

function pointTo(config: ClientConfig, { url, ca }: WebhookAddress): void {
  config.url = `${url}${config.service?.path ?? ''}`;
  config.caBundle = Buffer.from(ca).toString('base64');
  delete config.service;
}
