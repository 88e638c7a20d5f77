import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';

/** Small data that is no secret. */
export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  /** Values in base64, for bytes that are no UTF-8 text. */
  binaryData?: Record<string, string>;
  immutable?: boolean;
}

export const ConfigMap: Resource<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
