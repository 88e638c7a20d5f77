/**
 * Options of client calls; names follow the Kubernetes API (`metav1.ListOptions`, `DeleteOptions`, …).
 */

export interface CallOptions {
  signal?: AbortSignal;
  /** The whole call, retries included, ends after so long. Default: the client's `requestTimeoutSeconds`. */
  timeoutSeconds?: number;
  /** Answers longer than that, in bytes, are not read to their end but end the call with `KubeAnswerTooLarge`. */
  maxBytes?: number;
}

export interface GetOptions extends CallOptions {
  resourceVersion?: string;
  subresource?: string;
}

export interface Selection {
  /** Only this namespace; absent means all. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface ListOptions extends CallOptions, Selection {
  /** Objects a page. Default 500. */
  limit?: number;
  resourceVersion?: string;
  /** The deadline is per page, not for the whole list. */
  timeoutSeconds?: number;
}

export interface WriteOptions extends CallOptions {
  dryRun?: boolean;
  fieldManager?: string;
  /** What the server does with unknown or doubled fields. Default `Strict`: a typo is an error, not a lost setting. */
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  subresource?: 'status' | 'scale' | 'finalize' | 'token' | (string & {});
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  /** Take over fields that others own. */
  force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  dryRun?: boolean;
  /** Refuse (409) unless the object is exactly this one. */
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  gracePeriodSeconds?: number;
}

export interface WatchOptions extends Selection {
  signal: AbortSignal;
  resourceVersion?: string;
  /** The server ends the watch after so long, in good order. */
  timeoutSeconds?: number;
  /** No byte for so long means that the connection is dead, whatever TCP says. Must exceed the bookmark interval (60 s). */
  idleTimeoutSeconds?: number;
  /** The request must be accepted within this. Default: the client's `requestTimeoutSeconds`. */
  connectTimeoutSeconds?: number;
}

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string };

export interface KubeList<T> {
  items: T[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}
