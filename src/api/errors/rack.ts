import type { ErrorEntry } from './entry.ts';

/** Errors of `src/rack`: machines that are simulated or emulated. */
export const rackErrors = {
  RACK_NETWORK_FAILED: {
    message: 'the network of the rack cannot be made: ip {command}: {cause}',
    hint: 'run this as root, with iproute2 installed and /dev/net/tun there; in a container, with CAP_NET_ADMIN and CAP_SYS_ADMIN',
    retryable: false,
  },
  RACK_NEEDS_ROOT: {
    message: 'machines in QEMU need a network of their own, and only root can make one',
    hint: 'run this as root, or start simulated machines: capt rack up --simulated 5',
    retryable: false,
  },
  RACK_OF_WHAT: {
    message: 'capt rack up needs to know how many machines of which kind',
    hint: 'say --simulated 5, or --qemu 2 for machines that really boot (root only)',
    retryable: false,
  },
  RACK_ADDRESS_UNFIT: {
    message: 'the network of the rack cannot be {address}: {cause}',
    hint: 'give the services one of the first ten addresses of a network that is free: --address 172.31.42.1/24',
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
  RACK_RUNNING: {
    message: 'a rack runs already in {directory}',
    hint: 'end it with capt rack down{directoryFlag}, or start another one in another folder with --dir',
    retryable: false,
  },
  RACK_NOT_RUNNING: {
    message: 'no rack runs in {directory}',
    hint: 'start one with capt rack up --simulated 5{directoryFlag}, or with --qemu 2 as root',
    retryable: false,
  },
  RACK_MACHINE_UNKNOWN: {
    message: 'the rack has no machine "{machine}"',
    hint: 'capt rack list shows the machines there are',
    retryable: false,
  },
  RACK_BMC_FAILED: {
    message: 'the BMC of machine {machine} does not start: {cause}',
    hint: 'install ipmi_sim (Debian: apt-get install openipmi), or leave --bmc out',
    retryable: false,
  },
  RACK_MACHINE_REFUSES: {
    message: 'machine "{machine}" does not do that: {cause}',
    hint: 'capt rack list shows its power, and what happened to it last',
    retryable: false,
  },
  RACK_NOT_ANSWERING: {
    message: 'the rack does not answer on {socket}: {cause}',
    hint: 'look into logs/supervisor.log beside it; capt rack down ends the rack, capt rack up starts it again with the same disks',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
