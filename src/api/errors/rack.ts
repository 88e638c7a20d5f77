import type { ErrorEntry } from './entry.ts';

/** Errors of `src/rack`: machines that are simulated or emulated. */
export const rackErrors = {
  RACK_NETWORK_FAILED: {
    message: 'the network of the rack cannot be made: ip {command}: {cause}',
    hint: 'run this as root, with iproute2 installed and /dev/net/tun there; in a container, with CAP_NET_ADMIN and CAP_SYS_ADMIN',
    retryable: false,
  },
  QEMU_MISSING: {
    message: 'there is no {program} to run machines with: {cause}',
    hint: 'install it (Debian: apt-get install qemu-system-x86 ipxe-qemu), or use a rack of simulated machines',
    retryable: false,
  },
  UEFI_FIRMWARE_MISSING: {
    message: 'machine {machine} boots by UEFI, and there is no firmware for it in any of {folders}',
    hint: 'install it (Debian: apt-get install ovmf), or let the machine boot by BIOS',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
