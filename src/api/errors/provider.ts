import type { ErrorEntry } from './entry.ts';

/** Errors of the Cluster API provider. */
export const providerErrors = {
  EXTERNAL_NEEDS_PROVIDER_ALONE: {
    message: "{file} says that Tinkerbell's objects are in another cluster, but the services {services} run here too",
    hint: 'run --services provider here, and the others in a process of their own with --kubeconfig for that cluster',
    retryable: false,
  },
  WEBHOOKS_OFF: {
    message: 'there is no certificate (tls.crt, tls.key) in {directory}: webhooks are off',
    hint: 'nothing to do where none are registered; else name the folder of the certificate with --webhook-cert-dir',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
