import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/**
 * What the action `rootio` reads: the storage of the instance and nothing else, in JSON with the members of the original in
 * their order; lists that are absent are `null`, other absent values zero.
 */
export function rootioOf({ spec }: Hardware): string {
  const { disks, filesystems } = spec?.metadata?.instance?.storage ?? {};
  const storage = {
    disks:
      disks?.map(({ device = '', partitions, wipe_table = false }) => ({
        device,
        partitions: partitions?.map(({ label = '', number = 0, size = 0 }) => ({ label, number, size })) ?? null,
        wipe_table,
      })) ?? null,
    filesystems:
      filesystems?.map(({ mount: { create, device = '', format = '', point = '' } = {} }) => ({
        mount: { create: { options: create?.options ?? null }, device, format, point },
      })) ?? null,
  };
  return JSON.stringify({ metadata: { instance: { storage } } });
}
