import type { KubeObject } from '../../api/meta/object.ts';

/** What happened to one object of a cache. */
export type Change<T extends KubeObject> = {
  readonly key: string;
  /** Part of the first list: the object may have been there for long. */
  readonly initial: boolean;
} & (
  | { readonly type: 'added'; readonly object: T; readonly old?: undefined }
  | { readonly type: 'updated'; readonly object: T; readonly old: T }
  /** `object` is the last state known, perhaps not the very last there was. */
  | { readonly type: 'deleted'; readonly object: T; readonly old?: undefined }
);

export type ChangeListener<T extends KubeObject> = (change: Change<T>) => void;
