/**
 * A part of a process that runs until told to stop: a server, a cache, a controller.
 */
export interface Runnable {
  /** Unique in the process; what logs, `/readyz` and shutdown errors call it. */
  readonly name: string;
  /**
   * Runs until `signal` aborts and all it began has ended. A rejection before that stops the whole manager.
   * @param ready called once, as soon as what starts later may rely on it
   */
  run(signal: AbortSignal, ready: () => void): Promise<void>;
  /** Why it is not ready yet. */
  waitingFor?(): string | undefined;
}

/** Something that a start waits for. */
export interface Waiting {
  what: string;
  reason: string;
  since: Date;
}
