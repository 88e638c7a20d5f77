import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { userDataOf } from './instance.ts';

/** Media type of an Ignition configuration. */
export const ignitionType = 'application/vnd.coreos.ignition+json';

/** The user-data if it is an Ignition configuration; `undefined` when it is none: Ignition must not take a shell script. */
export function ignitionOf(hardware: Hardware): string | undefined {
  const text = userDataOf(hardware);
  // Parsing megabytes of cloud-config only to find out that they are no JSON would be a waste.
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const config = JSON.parse(text) as { ignition?: { version?: unknown } };
    return typeof config.ignition?.version === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
