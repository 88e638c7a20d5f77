import type { ObjectMeta } from '../../meta/object.ts';

/**
 * On a Workflow: how many seconds its agent may take to begin once it is PENDING. A machine that never boots would
 * otherwise keep it PENDING for ever, as it does with Tinkerbell. Absent or 0: no limit.
 */
export const agentWaitLimitAnnotation = 'capt.tinkerbell.org/agent-wait-limit-seconds';

/** The limit in seconds, `undefined` for none, or what is wrong with it. */
export function agentWaitLimit({ annotations }: ObjectMeta): number | undefined | { problem: string } {
  const text = annotations?.[agentWaitLimitAnnotation];
  if (text === undefined) return undefined;
  // Nine digits are thirty years, and still a date.
  if (!/^\d{1,9}$/.test(text)) {
    return { problem: `annotation ${agentWaitLimitAnnotation} has to be a whole number of seconds, at most 999999999` };
  }
  return Number(text) || undefined;
}
