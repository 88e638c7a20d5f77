import type { LabelSelector } from '../../api/meta/label-selector.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { AdmissionOperation } from './admission-request.ts';
import type { AdmissionHandler } from './handler.ts';
import type { AdmissionHandlerType } from './path.ts';

/** `MutatingWebhookConfiguration` and `ValidatingWebhookConfiguration` are of one shape. */
export interface WebhookConfiguration extends KubeObject {
  webhooks: Webhook[];
}

export interface Webhook {
  name: string;
  clientConfig: { url: string; caBundle: string };
  rules: {
    apiGroups: string[];
    apiVersions: string[];
    operations: AdmissionOperation[];
    resources: string[];
    scope: 'Cluster' | 'Namespaced';
  }[];
  admissionReviewVersions: ['v1'];
  sideEffects: 'None';
  failurePolicy: 'Fail' | 'Ignore';
  matchPolicy: 'Equivalent';
  timeoutSeconds: number;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
}

export interface WebhookRegistration {
  handler: AdmissionHandler;
  /** Default CREATE and UPDATE. */
  operations?: AdmissionOperation[];
  /** What happens when the webhook cannot be reached. Default `Fail`. */
  failurePolicy?: 'Fail' | 'Ignore';
  /** Only objects in such namespaces. */
  namespaceSelector?: LabelSelector;
  /** Only such objects. */
  objectSelector?: LabelSelector;
}

export interface WebhookConfigurationOptions {
  /** Name of the configuration object. */
  name: string;
  /** Where the API server reaches us: `https://host:port`, host being a name in the certificate. */
  url: string;
  /** The authority of our certificate, PEM; several may follow one another while it is being replaced. */
  ca: string;
  /** How long the API server waits for a verdict. Default 10. */
  timeoutSeconds?: number;
  webhooks: readonly WebhookRegistration[];
}

export const MutatingWebhookConfiguration = configurationResource('Mutating');
export const ValidatingWebhookConfiguration = configurationResource('Validating');

/** The object that makes the API server ask the mutating ones among `webhooks`, by URL: we run outside the cluster. */
export function mutatingWebhookConfiguration(options: WebhookConfigurationOptions): WebhookConfiguration {
  return configuration('mutating', 'MutatingWebhookConfiguration', options);
}

/** Likewise for the validating ones. */
export function validatingWebhookConfiguration(options: WebhookConfigurationOptions): WebhookConfiguration {
  return configuration('validating', 'ValidatingWebhookConfiguration', options);
}

function configuration(
  type: AdmissionHandlerType,
  kind: string,
  options: WebhookConfigurationOptions,
): WebhookConfiguration {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: options.name },
    webhooks: options.webhooks
      .filter(({ handler }) => handler.type === type)
      .map((registration) => webhook(registration, options)),
  };
}

function webhook(registration: WebhookRegistration, options: WebhookConfigurationOptions): Webhook {
  const { handler, operations = ['CREATE', 'UPDATE'], failurePolicy = 'Fail' } = registration;
  const { namespaceSelector, objectSelector } = registration;
  const { type, path, resource } = handler;
  return {
    name: `${type === 'mutating' ? 'default' : 'validation'}.${resource.kind.toLowerCase()}.${resource.group || 'core'}`,
    clientConfig: {
      url: options.url.replace(/\/$/, '') + path,
      caBundle: Buffer.from(options.ca).toString('base64'),
    },
    rules: [
      {
        apiGroups: [resource.group],
        apiVersions: [resource.version],
        operations,
        resources: [resource.plural],
        scope: resource.namespaced ? 'Namespaced' : 'Cluster',
      },
    ],
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy,
    matchPolicy: 'Equivalent',
    timeoutSeconds: options.timeoutSeconds ?? 10,
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    ...(objectSelector === undefined ? {} : { objectSelector }),
  };
}

function configurationResource(verb: 'Mutating' | 'Validating'): Resource<WebhookConfiguration> {
  const kind = `${verb}WebhookConfiguration`;
  const plural = `${kind.toLowerCase()}s`;
  return { group: 'admissionregistration.k8s.io', version: 'v1', kind, plural, namespaced: false };
}
