import type { BootOverrideState } from '../../port.ts';
import { textAt } from '../json.ts';
import { deviceOfTarget } from './targets.ts';

/** The properties of `Boot` that make an override (DSP2046 ComputerSystem, Boot). */
export interface OverrideProperties {
  BootSourceOverrideTarget: string;
  BootSourceOverrideEnabled: 'Once' | 'Continuous';
  BootSourceOverrideMode?: 'UEFI' | 'Legacy';
}

/** What the `Boot` of a System, or of its settings, says about the override. */
export function overrideOf(boot: unknown): BootOverrideState {
  const enabled = textAt(boot, 'BootSourceOverrideEnabled')?.toLowerCase();
  const target = textAt(boot, 'BootSourceOverrideTarget');
  const isActive = (enabled === 'once' || enabled === 'continuous') && target?.toLowerCase() !== 'none';
  if (!isActive) return { active: false };
  const device = deviceOfTarget(target ?? '');
  const mode = textAt(boot, 'BootSourceOverrideMode')?.toLowerCase();
  return {
    active: true,
    persistent: enabled === 'continuous',
    ...(device === undefined ? {} : { device }),
    ...(mode === 'uefi' || mode === 'legacy' ? { efiBoot: mode === 'uefi' } : {}),
  };
}

/** In what `boot` is not what was written, as `BootSourceOverrideMode is Legacy, not UEFI`; empty when it is. */
export function differences(boot: unknown, written: OverrideProperties): string[] {
  return Object.entries(written).flatMap(([property, value]: [string, string]) => {
    const now = textAt(boot, property);
    if (now?.toLowerCase() === value.toLowerCase()) return [];
    return [`${property} is ${now ?? 'absent'}, not ${value}`];
  });
}
