import type { ObjectName } from '../../api/meta/object.ts';

/** What a reconciler asks for when it has done what it could. Nothing means: wake me when something changes. */
export interface ReconcileResult {
  /** Come back after so long even if nothing changes. */
  requeueAfterSeconds?: number;
}

export interface ReconcileContext {
  /** Aborts when the controller stops or the reconcile has taken too long. */
  signal: AbortSignal;
  /** Failures of this key in a row before this attempt. */
  failures: number;
}

/**
 * Brings the world closer to what one object asks for. Level-based: it gets a name, not an event, and looks at the
 * present state; running it again when nothing changed does nothing. Throwing means: try again later, with back-off;
 * throwing `TerminalError` means: not before something changes.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconciler that asks for nothing returns nothing
export type Reconcile = (name: ObjectName, context: ReconcileContext) => Promise<ReconcileResult | void>;

/** A failure that no retry can mend; the key waits for its object to change. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}
