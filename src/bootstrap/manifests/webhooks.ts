import {
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
  type Webhook,
  type WebhookConfiguration,
} from '../../kube/admission/webhook-configuration.ts';
import { providerWebhooks } from '../../provider/webhooks/handlers.ts';
import { providerNamespace, servingCertificate, webhookService } from './names.ts';

/** A webhook configuration as manifests have it: asked through a Service, its authority filled in by cert-manager. */
export type WebhookManifest = Omit<WebhookConfiguration, 'webhooks'> & {
  webhooks: (Omit<Webhook, 'clientConfig'> & {
    clientConfig: { service: { namespace: string; name: string; path: string } };
  })[];
};

/** The configurations for all webhooks that the provider serves. */
export function webhookManifests(): WebhookManifest[] {
  const options = { url: 'https://service', ca: '', webhooks: providerWebhooks().map((handler) => ({ handler })) };
  return [
    mutatingWebhookConfiguration({ ...options, name: `${providerNamespace}-mutating-webhook` }),
    validatingWebhookConfiguration({ ...options, name: `${providerNamespace}-validating-webhook` }),
  ].map(throughService);
}

function throughService(configuration: WebhookConfiguration): WebhookManifest {
  const annotations = { 'cert-manager.io/inject-ca-from': `${providerNamespace}/${servingCertificate}` };
  return {
    ...configuration,
    metadata: { ...configuration.metadata, annotations },
    webhooks: configuration.webhooks.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      clientConfig: {
        service: { namespace: providerNamespace, name: webhookService, path: new URL(clientConfig.url).pathname },
      },
    })),
  };
}
