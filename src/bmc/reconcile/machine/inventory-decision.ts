import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import type { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../../kube/client/path.ts';
import { jittered } from '../jitter.ts';
import type { BmcSettings } from '../settings.ts';

/** On a Machine: read the inventory now. Taken away when that is done. */
export const refreshAnnotation = 'tinkerbell.org/refresh-inventory';
/** On a Hardware: never read its inventory from the BMC. */
export const disableAnnotation = 'tinkerbell.org/disable-outofband-inventory';

export type InventoryDecision =
  | { readonly step: 'collect'; readonly hardware: Hardware }
  /** Nobody can tell which of them the BMC belongs to. */
  | { readonly step: 'ambiguous'; readonly names: string[] }
  | { readonly step: 'skip' };

export function isRefreshWanted({ metadata }: Machine): boolean {
  return metadata.annotations?.[refreshAnnotation] === 'true';
}

/** Whether to read the inventory now, and for whom. `linked`: the Hardware that names the Machine as its BMC. Pure. */
export function decideInventory(
  machine: Machine,
  linked: readonly Hardware[],
  nowMs: number,
  settings: Pick<BmcSettings, 'collectInventory' | 'inventoryRefreshSeconds'>,
): InventoryDecision {
  if (!settings.collectInventory) return { step: 'skip' };
  const [hardware] = linked;
  if (hardware === undefined) return { step: 'skip' };
  if (linked.length > 1) {
    return { step: 'ambiguous', names: linked.map(({ metadata }) => metadata.name ?? '').sort() };
  }
  if (hardware.metadata.annotations?.[disableAnnotation] === 'true') return { step: 'skip' };
  const due = isRefreshWanted(machine) || nowMs >= dueMs(machine, hardware, settings.inventoryRefreshSeconds);
  return due ? { step: 'collect', hardware } : { step: 'skip' };
}

function dueMs(machine: Machine, { status }: Hardware, intervalSeconds: number): number {
  const last = Date.parse(status?.attributes?.outOfBand?.lastUpdated ?? '');
  if (Number.isNaN(last)) return Number.NEGATIVE_INFINITY;
  return last + jittered(intervalSeconds, keyOf(machine.metadata)) * 1000;
}
