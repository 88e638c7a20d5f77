import type { ErrorEntry } from './entry.ts';

/** Errors of `src/kube`: reaching the API server and running controllers. */
export const kubeErrors = {
  KUBECONFIG_UNREADABLE: {
    message: 'cannot read kubeconfig {path}: {cause}',
    hint: 'check that the file exists, is readable and is a kubeconfig, or name another with --kubeconfig',
    retryable: false,
  },
  KUBECONFIG_INSECURE: {
    message: 'kubeconfig {path}: {server} would send credentials in the clear',
    hint: 'use an https:// server; for a tunnel on this machine set insecure-skip-tls-verify: true to say that you mean it',
    retryable: false,
  },
  KUBECONFIG_INCOMPLETE: {
    message: 'kubeconfig {path}: context {context} names no cluster with a server, or no user',
    hint: 'set a current context that has both (kubectl config get-contexts), or name another file with --kubeconfig',
    retryable: false,
  },
  CONTROLLED_BY_ANOTHER: {
    message: '{object} is controlled by {controller} and cannot be controlled by {wanted} as well',
    hint: 'find out which of the two it belongs to, then delete the other or remove its entry from metadata.ownerReferences',
    retryable: false,
  },
  API_SERVER_UNREACHABLE: {
    message: 'API server {server} does not answer: {cause}',
    hint: 'check that it runs and that this machine reaches it (kubectl cluster-info), or name another cluster with --kubeconfig',
    retryable: true,
  },
  API_SERVER_NOT_READY: {
    message: 'API server {server} runs but is not ready: {cause}',
    hint: 'wait until it has started; if it stays so, look at: kubectl get --raw "/readyz?verbose"',
    retryable: true,
  },
  API_SERVER_NOT_TRUSTED: {
    message: 'the certificate of API server {server} is not trusted: {cause}',
    hint: 'fetch the kubeconfig of this cluster anew: its certificate authority must be the one that signed the server certificate, its server address one that the certificate names',
    retryable: false,
  },
  API_CREDENTIALS_UNUSABLE: {
    message: 'the credentials for API server {server} cannot be used: {cause}',
    hint: 'check the certificate files, token file or exec plugin that the user of the kubeconfig names',
    retryable: false,
  },
  API_UNAUTHENTICATED: {
    message: 'API server {server} does not accept the credentials (401): they are expired, or of another cluster',
    hint: 'log in anew or fetch a new kubeconfig, then check it with: kubectl auth whoami',
    retryable: false,
  },
  API_FORBIDDEN: {
    message: 'API server {server} knows this user but forbids the request (403): {cause}',
    hint: 'grant the rights (kubectl apply -f config/rbac), then check them with: kubectl auth can-i --list',
    retryable: false,
  },
  NOT_KUBERNETES: {
    message: '{server} answers, but not as a Kubernetes API server: {cause}',
    hint: 'correct the server address (scheme, host, port and path) in the kubeconfig, or name another with --kubeconfig',
    retryable: false,
  },
  CRD_MISSING: {
    message: 'API server {server} does not know: {crds}',
    hint: 'install the custom resource definitions: kubectl apply -f config/crd',
    retryable: true,
  },
  CRD_TOO_OLD: {
    message: 'custom resource definitions of API server {server} are older than this program: {crds}',
    hint: 'update the custom resource definitions: kubectl apply -f config/crd',
    retryable: true,
  },
  CRD_VERSION_NOT_SERVED: {
    message: 'custom resource definitions of API server {server} are newer than this program: {crds}',
    hint: 'use the version of capt that installed them, or serve the older version again (spec.versions[].served)',
    retryable: false,
  },
  NOT_LEADING: {
    message: 'write refused, this process does not lead: {reason} (lease {lease})',
    hint: 'nothing to do: the leader writes, and this process ends or waits for its turn',
    retryable: true,
  },
  LEADERSHIP_LOST: {
    message: 'leadership lost: {reason} (lease {lease})',
    hint: 'start this process again, so that it begins from the state that the new leader leaves; if it happens often, the API server is slow or this process gets no CPU',
    retryable: true,
  },
  LEADER_ELECTION_TIMES: {
    message: 'leader election cannot work with these times: {problem}',
    hint: 'choose lease duration > renew deadline > 2.2 x retry period, the lease duration in whole seconds (15, 10 and 2 are good)',
    retryable: false,
  },
  SHUTDOWN_INCOMPLETE: {
    message: 'still running {seconds} s after the stop: {names}',
    hint: 'end the process; if this happens again, give it more time (gracefulShutdownSeconds) or report what does not stop',
    retryable: true,
  },
  HEALTH_LISTEN_FAILED: {
    message: 'cannot serve health and metrics on port {port} of {address}: {cause}',
    hint: 'choose an address of this machine and a port that this user may open, with {option}',
    retryable: false,
  },
  SERVING_CERTIFICATE_UNUSABLE: {
    message: 'the serving certificate {files} cannot be used: {cause}',
    hint: 'put a certificate and the key that belongs to it there, PEM, readable for this user',
    retryable: false,
  },
  OBJECT_NOT_FOUND: {
    message: 'there is no {kind} {name} in namespace {namespace}',
    hint: 'look at the name, or name another namespace with --namespace',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
