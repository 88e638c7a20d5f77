import type { ErrorEntry } from './entry.ts';

/** Errors of `src/kube`: reaching the API server and running controllers. */
export const kubeErrors = {
  KUBECONFIG_UNREADABLE: {
    message: 'cannot read kubeconfig {path}: {cause}',
    hint: 'check that the file exists, is readable and is a kubeconfig, or name another with --kubeconfig',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
