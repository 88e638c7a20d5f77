import type { JsonObject } from './json.ts';

/** What a change comes to, worked out and not done yet. */
export interface Change {
  /** Does it. */
  apply: () => void;
  status: number;
  json?: JsonObject;
  headers?: Record<string, string>;
  /** May be done by a task, after the answer. */
  deferrable?: boolean;
}

/** What is at a path. Each method may throw a `Refusal`. */
export interface Node {
  get?(): JsonObject;
  patch?(body: JsonObject): Change;
  post?(body: JsonObject): Change;
  delete?(): Change;
  /** Open to those who have not logged in. */
  publicMethods?: readonly string[];
}

/** What a BMC serves, by path without a slash at the end. */
export type Tree = Map<string, Node>;
