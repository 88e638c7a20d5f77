import type { ErrorEntry } from './entry.ts';

/** Errors of the Cluster API provider. */
export const providerErrors = {
  WEBHOOKS_OFF: {
    message: 'there is no certificate (tls.crt, tls.key) in {directory}: webhooks are off',
    hint: 'nothing to do where none are registered; else name the folder of the certificate with --webhook-cert-dir',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
