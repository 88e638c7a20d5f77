import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/**
 * Small confidential data: bootstrap user-data, BMC logins, kubeconfigs, certificates.
 * Its values must never reach a log, a condition or a script (DESIGN decision 11).
 */
export interface Secret extends KubeObject {
  /** Values in base64, as they travel. */
  data?: Record<string, string>;
  /** Plain values for writing; the server moves them into `data` and never returns them. */
  stringData?: Record<string, string>;
  /** `Opaque` unless told otherwise; Cluster API uses `cluster.x-k8s.io/secret`. */
  type?: string;
  immutable?: boolean;
}

export const Secret: Resource<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};
