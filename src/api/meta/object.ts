/**
 * The shapes every Kubernetes object shares (apimachinery `meta/v1`).
 */

/** A reference from a dependent to the object that owns it (`metav1.OwnerReference`). */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  /** At most one owner of an object is its controller. */
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Object metadata (`metav1.ObjectMeta`); timestamps are RFC 3339 strings. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
}

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** An object of a kind this code base has no type for. */
export interface UnstructuredObject extends KubeObject {
  [field: string]: unknown;
}

/** What identifies an object within its kind. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectName {
  namespace?: string;
  name: string;
}
