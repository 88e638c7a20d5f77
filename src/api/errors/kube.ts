import type { ErrorEntry } from './entry.ts';

/** Errors of `src/kube`: reaching the API server and running controllers. */
export const kubeErrors = {
  KUBECONFIG_UNREADABLE: {
    message: 'cannot read kubeconfig {path}: {cause}',
    hint: 'check that the file exists, is readable and is a kubeconfig, or name another with --kubeconfig',
    retryable: false,
  },
  KUBECONFIG_INCOMPLETE: {
    message: 'kubeconfig {path}: context {context} names no cluster with a server, or no user',
    hint: 'set a current context that has both (kubectl config get-contexts), or name another file with --kubeconfig',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
