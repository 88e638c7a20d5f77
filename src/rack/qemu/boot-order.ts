import type { BootDevice, BootOverride } from '../../bmc/port.ts';

/** Devices that something can be booted from. */
export type BootSource = Extract<BootDevice, 'pxe' | 'disk' | 'cdrom'>;

const factoryOrder: readonly BootSource[] = ['disk', 'cdrom', 'pxe'];

/**
 * What firmware tries, one after the other. An override comes first and the rest follows: a server that cannot boot
 * from what it was told goes on to the next, too. There is no setup screen to boot into, so `bios` and `safe` change
 * nothing.
 */
export function bootSources(
  usual: readonly BootDevice[] = factoryOrder,
  override?: Pick<BootOverride, 'device'>,
): BootSource[] {
  const first = override === undefined ? [] : [override.device];
  return [...new Set([...first, ...usual])].filter(isSource);
}

function isSource(device: BootDevice): device is BootSource {
  return device === 'pxe' || device === 'disk' || device === 'cdrom';
}
