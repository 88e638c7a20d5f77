import { join } from 'node:path';

/** Where things lie in the folder of a control plane. */
export interface Layout {
  readonly directory: string;
  /** Data of etcd: everything the API server stores. */
  readonly data: string;
  readonly pki: string;
  readonly logs: string;
  readonly kubeconfig: string;
  readonly controllerManagerKubeconfig: string;
  readonly authentication: string;
  readonly auditPolicy: string;
  /** Which processes run, for `status`, `down` and the next `up`. */
  readonly state: string;
  /** Held by whoever supervises. */
  readonly lock: string;
}

export function layoutOf(directory: string): Layout {
  return {
    directory,
    data: join(directory, 'etcd'),
    pki: join(directory, 'pki'),
    logs: join(directory, 'logs'),
    kubeconfig: join(directory, 'kubeconfig'),
    controllerManagerKubeconfig: join(directory, 'pki', 'controller-manager.kubeconfig'),
    authentication: join(directory, 'authentication.json'),
    auditPolicy: join(directory, 'audit-policy.json'),
    state: join(directory, 'state.json'),
    lock: join(directory, 'lock'),
  };
}

/** Log of one process; the previous part of it is kept beside it as `.1`. */
export function logFileOf(layout: Layout, process: string): string {
  return join(layout.logs, `${process}.log`);
}
