import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/** Containers on a node. Only the fields of static pods, which is all we write. */
export interface Pod extends KubeObject {
  spec?: { nodeName?: string; containers: { name: string; image: string }[]; hostNetwork?: boolean };
  status?: { phase?: string; conditions?: { type: string; status: 'True' | 'False' | 'Unknown' }[] };
}

export const Pod: Resource<Pod> = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
