import type { BmcCapability } from '../port.ts';
import { allowableValues } from './allowable.ts';
import type { Resource } from './client.ts';
import { at } from './json.ts';

/** What a BMC may be able to do, judged by its System resource alone; what is missing shows when it is asked for. */
export function capabilitiesOf({ json }: Resource): Set<BmcCapability> {
  const capabilities = new Set<BmcCapability>(['inventory', 'virtualMedia']);
  const reset = at(json, 'Actions', '#ComputerSystem.Reset');
  if (reset !== undefined) capabilities.add('power');
  const types = allowableValues(reset, 'ResetType');
  if (reset !== undefined && (types === undefined || types.includes('Nmi'))) capabilities.add('nmi');
  if (at(json, 'Boot') !== undefined) capabilities.add('bootOverride');
  return capabilities;
}
