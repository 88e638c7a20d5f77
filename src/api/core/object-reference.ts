/** A pointer to any object, or to a part of one (`core/v1 ObjectReference`). */
export interface ObjectReference {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
  /** A part of the object, such as `spec.containers{init}`. */
  fieldPath?: string;
}

/** A Secret by name and namespace (`core/v1 SecretReference`). */
export interface SecretReference {
  name?: string;
  namespace?: string;
}
