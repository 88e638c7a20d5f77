import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `check` stops throwing, and fails with what it threw last. */
export async function eventually(check: () => Promise<void> | void, timeoutSeconds = 30): Promise<void> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(50);
  }
}
