import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  timeoutMs: number;
  /** Time between two looks; 20 ms if not given. */
  intervalMs?: number;
  signal?: AbortSignal | undefined;
}

/** Looks until `condition` holds. False when it did not within `timeoutMs`; rejects with the signal's reason. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, intervalMs = 20, signal }: WaitOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await pause(intervalMs, signal);
  }
}

/** Sleeps; rejects at once with the signal's own reason (not with a generic AbortError) when it is aborted. */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
