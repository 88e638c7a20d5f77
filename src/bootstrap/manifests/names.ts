/** Names in the manifests that `config/default` makes. */
export const providerNamespace = 'capt-system';
export const webhookService = 'capt-webhook-service';
export const servingCertificate = 'capt-serving-cert';
