import type { CallOptions } from '../../port.ts';
import type { Resource } from '../client.ts';
import type { Site } from '../site.ts';
import { takesKind } from './drive.ts';
import { drivesOf } from './find-drives.ts';

/** Whether a virtual CD drive of a manager, as against one of the system, holds an image. */
export async function managerDriveIsLoaded(site: Site, system: Resource, call: CallOptions): Promise<boolean> {
  for (const manager of await site.managers(system, call)) {
    const drives = await drivesOf(site, manager, 'manager', call);
    if (drives.some((drive) => drive.isInserted && takesKind(drive, 'CD'))) return true;
  }
  return false;
}
