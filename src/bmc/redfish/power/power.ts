import type { CallOptions, PowerAction } from '../../port.ts';
import type { ChangeOptions } from '../client.ts';
import { RefusedError } from '../http/refusal.ts';
import type { Site } from '../site.ts';
import { powerStateOf } from './power-state.ts';
import { type ResetAction, resetActionOf } from './reset-action.ts';
import { effectiveAction, resetTypesFor } from './reset-types.ts';

/** Carries out `action`, once, unless the machine is where it should be. */
export async function switchPower(site: Site, action: PowerAction, call: CallOptions): Promise<void> {
  const what = `power ${action}`;
  const system = await site.system(call);
  const state = powerStateOf(system.json);
  const effective = effectiveAction(action, state);
  if (effective === undefined) return;
  const reset = await requireReset(site, system, what, call);
  const types = resetTypesFor(effective, state, reset.allowed, site.vendor);
  if (types.length === 0) {
    const takes = reset.allowed?.join(', ');
    throw site.client.peer.error('unsupported', `${what}: the BMC takes no reset type for that, only ${takes}`);
  }
  try {
    await sendFirstOf(site, reset.target, types, { ...call, what });
  } catch (error) {
    if (!(await isThereAnyway(site, effective, error, call))) throw error;
  }
}

/** Sends a reset type; another only where the BMC does not know that one, and so cannot have done anything. */
async function sendFirstOf(site: Site, target: string, types: readonly string[], call: ChangeOptions): Promise<void> {
  for (const [index, type] of types.entries()) {
    try {
      await site.client.post(target, { ResetType: type }, call);
      return;
    } catch (error) {
      if (index === types.length - 1 || !isUnknownValue(error)) throw error;
    }
  }
}

function isUnknownValue(error: unknown): boolean {
  return (
    error instanceof RefusedError && error.messages.some(({ id }) => /Value(NotInList|FormatError|TypeError)$/.test(id))
  );
}

/** Sends a non-maskable interrupt. */
export async function sendNmi(site: Site, call: CallOptions): Promise<void> {
  const reset = await requireReset(site, await site.system(call), 'nmi', call);
  const type = (reset.allowed ?? ['Nmi']).find((allowed) => allowed.toLowerCase() === 'nmi');
  if (type === undefined) throw site.client.peer.error('unsupported', 'nmi: the BMC takes no such reset type');
  await site.client.post(reset.target, { ResetType: type }, { ...call, what: 'nmi' });
}

async function requireReset(
  site: Site,
  system: Parameters<typeof resetActionOf>[1],
  what: string,
  call: CallOptions,
): Promise<ResetAction> {
  const reset = await resetActionOf(site.client, system, call);
  if (reset === undefined) throw site.client.peer.error('unsupported', `${what}: the system has no Reset action`);
  return reset;
}

/** Somebody was quicker: the BMC refuses to do what is already so. */
async function isThereAnyway(site: Site, action: PowerAction, error: unknown, call: CallOptions): Promise<boolean> {
  const wanted = ({ on: 'on', off: 'off', soft: 'off' } as Partial<Record<PowerAction, string>>)[action];
  if (wanted === undefined || !(error instanceof RefusedError) || error.kind !== 'rejected') return false;
  return powerStateOf((await site.system(call)).json) === wanted;
}
