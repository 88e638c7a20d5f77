import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/** A scope for names; deleting it deletes everything inside. */
export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: 'Active' | 'Terminating' };
}

export const Namespace: Resource<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
