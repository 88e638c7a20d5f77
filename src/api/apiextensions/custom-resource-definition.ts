import type { KubeObject } from '../meta/object.ts';
import type { Resource } from '../meta/resource.ts';
import type { OpenApiSchema } from '../schema/open-api.ts';

/** One column of `kubectl get`. */
export interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** Where the value is, from the object's root, with a leading dot. */
  jsonPath: string;
  /** 0 or absent: always shown; 1: only with `-o wide`. */
  priority?: number;
  description?: string;
  format?: string;
}

/** One version of a custom kind. */
export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema: OpenApiSchema };
  subresources?: { status?: Record<string, never>; scale?: Record<string, string> };
  additionalPrinterColumns?: PrinterColumn[];
}

/** Teaches an API server a kind (`apiextensions.k8s.io/v1`). */
export interface CustomResourceDefinition extends KubeObject {
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: {
      kind: string;
      listKind?: string;
      plural: string;
      singular?: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions: CustomResourceVersion[];
  };
  status?: {
    /** `Established` and `NamesAccepted` must be `True` before the kind can be used. */
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
    acceptedNames?: { kind: string; plural: string; shortNames?: string[]; categories?: string[] };
    storedVersions?: string[];
  };
}

export const CustomResourceDefinition: Resource<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
