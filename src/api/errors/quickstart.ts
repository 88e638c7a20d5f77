import type { ErrorEntry } from './entry.ts';

/** Errors of `capt quickstart`. */
export const quickstartErrors = {
  QUICKSTART_BUSY: {
    message: 'another process ({pid}) is at work on the quick start in {directory}',
    hint: 'wait until it has ended, or end it with: kill {pid}',
    retryable: true,
  },
  QUICKSTART_DIFFERS: {
    message: 'a quick start runs in {directory}, with {differences}',
    hint: 'end that one with capt quickstart down{directoryFlag} first, or start another in another folder with --dir',
    retryable: false,
  },
  QUICKSTART_UNFIT: {
    message: 'this machine cannot run the quick start as it was asked for:\n{problems}',
    hint: 'mend that, or run it with simulated machines: capt quickstart --rack simulated',
    retryable: false,
  },
  QUICKSTART_NOT_RUNNING: {
    message: 'no quick start runs in {directory}',
    hint: 'start one with capt quickstart{directoryFlag}',
    retryable: false,
  },
  QUICKSTART_STUCK: {
    message: '{what} is not done after {minutes} minutes:\n{waiting}',
    hint: 'look closer with capt explain machine NAME --kubeconfig {kubeconfig}, and at the logs in {directory}; --timeout waits longer, --keep keeps everything running to be looked at',
    retryable: true,
  },
  QUICKSTART_STEP_FAILED: {
    message: 'capt {command} failed:\n{output}',
    hint: 'what was started has been ended; run capt quickstart again',
    retryable: true,
  },
  NO_SPARE_MACHINE: {
    message: 'all {machines} machines of the rack are in use: a control plane and {workers} workers',
    hint: 'give one back first: kubectl scale machinedeployment {name} --replicas 1',
    retryable: false,
  },
  DISK_NOT_WIPED: {
    message: 'host {host} was given back, and on its disk there still is {data}',
    hint: 'this must not happen: please report it, with logs/ and the Workflow of the release',
    retryable: false,
  },
  MANIFEST_NOT_APPLIED: {
    message: 'kubectl could not apply {file}:\n{output}',
    hint: 'look at what the API server refuses; the file may be changed and applied by hand',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
