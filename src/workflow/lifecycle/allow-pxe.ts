import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/**
 * The merge patch that sets `netboot.allowPXE` of every interface, `undefined` when it is so already. Lists are replaced
 * as a whole, so it has to be sent with the resourceVersion of `hardware` as precondition.
 */
export function allowPxePatch(hardware: Hardware, value: boolean): object | undefined {
  const interfaces = hardware.spec?.interfaces ?? [];
  if (interfaces.every(({ netboot }) => netboot?.allowPXE === value)) return undefined;
  return {
    spec: { interfaces: interfaces.map((entry) => ({ ...entry, netboot: { ...entry.netboot, allowPXE: value } })) },
  };
}
