import { type Clock, sleep } from '../../api/time/clock.ts';
import type { CallOptions } from '../port.ts';
import type { RedfishSettings } from './options.ts';

/**
 * Looks again and again until there is nothing left to object to, or the time is over: what a BMC has accepted may take
 * a while to show.
 * @returns the objections of the last look
 */
export async function settle(
  clock: Clock,
  settings: RedfishSettings,
  look: () => Promise<string[]>,
  { signal }: CallOptions,
): Promise<string[]> {
  const endMs = clock.monotonic() + settings.settleTimeoutSeconds * 1000;
  for (;;) {
    const objections = await look();
    if (objections.length === 0 || clock.monotonic() >= endMs) return objections;
    await sleep(clock, settings.settlePollSeconds * 1000, signal);
  }
}
