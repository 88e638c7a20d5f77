import type { Refusal } from './refusal.ts';

/** Identities are our own ULIDs and names of Kubernetes, or the hardware address: longer ones are not ours. */
const maxIdBytes = 320;

/** Agents by custom call themselves by a hardware address; nobody needs more. */
export const maxAgentIdBytes = 256;

/** Refuses what is empty or longer than anything we ever gave out. */
export function checkId(id: string, reason: string, maxBytes = maxIdBytes): Refusal | undefined {
  if (id === '') return { code: 'InvalidArgument', reason };
  if (Buffer.byteLength(id) > maxBytes) {
    return { code: 'InvalidArgument', reason: `${reason}: longer than ${maxBytes} bytes` };
  }
  return undefined;
}
