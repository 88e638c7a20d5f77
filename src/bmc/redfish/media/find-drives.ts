import type { CallOptions } from '../../port.ts';
import type { Resource } from '../client.ts';
import { members } from '../collection.ts';
import { RefusedError } from '../http/refusal.ts';
import { linkAt } from '../link.ts';
import type { Site } from '../site.ts';
import { type Drive, driveOf } from './drive.ts';

/**
 * The virtual drives that take URLs: those of the system, to which they moved (iDRAC 10), before those of its managers,
 * where they used to be. Sorted by Id: of equal ones the first is the one that machines boot from.
 */
export async function findDrives(site: Site, call: CallOptions): Promise<Drive[]> {
  const system = await site.system(call);
  const ofSystem = await drivesOf(site, system, 'system', call);
  const drives = [...ofSystem];
  for (const manager of await site.managers(system, call))
    drives.push(...(await drivesOf(site, manager, 'manager', call)));
  return drives;
}

/** Those of one owner. */
export async function drivesOf(
  site: Site,
  owner: Resource,
  scope: Drive['scope'],
  call: CallOptions,
): Promise<Drive[]> {
  const path = linkAt(owner.json, 'VirtualMedia');
  if (path === undefined) return [];
  let resources: Resource[];
  try {
    resources = await members(site.client, path, call);
  } catch (error) {
    // Some BMCs link to what they do not have.
    if (error instanceof RefusedError && error.kind === 'unsupported') return [];
    throw error;
  }
  return resources
    .map((resource) => driveOf(resource, scope))
    .filter(({ id }) => !site.vendor.deafDrives?.test(id))
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
