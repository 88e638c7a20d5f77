import type { BootDevice } from '../../bmc/port.ts';

/** A disk image. */
export interface QemuDisk {
  file: string;
  format: 'raw' | 'qcow2';
  /** Told to the guest; at most 20 bytes. */
  serialNumber?: string;
}

/** A network card on a tap device. */
export interface QemuNic {
  /** Lower case with colons. */
  mac: string;
  tap: string;
  /** The model; both are known to every firmware here. Default `virtio-net-pci`. */
  model?: 'virtio-net-pci' | 'e1000e';
  /**
   * Whether the card has iPXE in its ROM. Without, BIOS machines cannot boot from it, and UEFI boots by its own PXE.
   * Default true.
   */
  optionRom?: boolean;
}

/** Where UEFI is: the code that all machines share, and the variables that are the machine's own. */
export interface UefiFiles {
  code: string;
  variables: string;
}

/** What a machine in QEMU is made of. */
export interface QemuMachineSpec {
  /** Letters, digits, dots and hyphens. */
  name: string;
  uuid: string;
  memoryMib: number;
  processors: number;
  firmware: { kind: 'bios' } | ({ kind: 'uefi' } & UefiFiles);
  disks: readonly QemuDisk[];
  nics: readonly QemuNic[];
  /** Where the lines go that the guest writes to its serial ports, ttyS0 first; at most four files. */
  serialFiles: readonly string[];
  /** The order without an override. Default disk, cdrom, pxe, as servers come from the factory. */
  bootOrder?: readonly BootDevice[];
}

/** How instructions are carried out. */
export type Acceleration = 'kvm' | 'tcg';
