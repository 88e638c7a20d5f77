import { mkdir } from 'node:fs/promises';
import { untilDevice } from '../../mount/device.ts';
import { MountNamespace } from '../../mount/mount-namespace.ts';
import { resolveInRoot } from '../../mount/resolve-in-root.ts';
import type { ActionContext } from '../action.ts';
import type { FilesystemLayout } from './layout.ts';

/**
 * Mounts all file systems as they will be, and makes the folders for it on them. As with the original's container, nobody sees
 * the mounts and they end with the action: what stays is the folders, and the proof that it can be done.
 * @returns how many
 */
export async function mountAll(context: ActionContext, filesystems: readonly FilesystemLayout[]): Promise<number> {
  const inOrder = filesystems.filter(({ point }) => point !== '').sort((a, b) => depth(a) - depth(b));
  for (const { device } of inOrder) await untilDevice(context, device);
  await using namespace = await MountNamespace.open(context);
  const { root } = namespace;
  // Without a root file system the folders for the others live in memory.
  if (inOrder[0]?.point !== '/') await namespace.mount('tmpfs', 'tmpfs', root);
  for (const { device, format, point } of inOrder) {
    const outside = namespace.path(root);
    const target = await resolveInRoot(outside, point, device);
    await mkdir(target, { recursive: true });
    await namespace.mount(device, format, root + target.slice(outside.length));
    context.log(`${device} can be mounted at ${point}`);
  }
  await namespace.close();
  return inOrder.length;
}

function depth({ point }: FilesystemLayout): number {
  return point.split('/').filter((part) => part !== '').length;
}
