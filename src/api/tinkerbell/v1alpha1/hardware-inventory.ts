import type * as z from 'zod';
import { list } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { int32, int64, text, time } from '../../schema/scalar.ts';
import { baseboard, bios, bmc, chassis, product } from './inventory-board.ts';
import { component, type componentState, maker } from './inventory-component.ts';
import { networkAdapter } from './inventory-network.ts';

const cpu = object('Processors.', {
  totalCores: int32('Cores of all sockets.'),
  totalThreads: int32('Threads of all sockets.'),
  sockets: list(
    'One entry a socket.',
    object('One processor.', {
      slot: text('Socket, such as `CPU1`.'),
      ...maker,
      cores: int32('Cores.'),
      threads: int32('Threads.'),
      clockSpeedMHz: int32('Clock in MHz.'),
      capabilities: list('Feature flags.', text('A flag.')),
      firmwareVersion: text('Version of the microcode.'),
    }),
  ),
});

const memory = object('Memory.', {
  totalBytes: int64('Bytes installed.'),
  usableBytes: int64('Bytes an operating system can use.'),
  modules: list(
    'One entry a module.',
    object('One memory module.', {
      slot: text('Slot, such as `DIMM.A1`.'),
      ...maker,
      partNumber: text('Part number.'),
      sizeBytes: int64('Size in bytes.'),
      speedMHz: int32('Clock in MHz.'),
      formFactor: text('Form, such as `DIMM`.'),
      firmwareVersion: text('Version of the firmware.'),
    }),
  ),
});

const blockDevice = component('One drive.', {
  name: text('Name the operating system gives it, such as `nvme0n1`.'),
  controllerType: text('Bus, such as `NVMe` or `SATA`.'),
  driveType: text('Kind, such as `SSD` or `HDD`.'),
  wwn: text('World Wide Name, the lasting identity of the drive.'),
  sizeBytes: int64('Size in bytes.'),
  physicalBlockSizeBytes: int64('Physical block in bytes.'),
  smartStatus: text('What the drive says of its own health.'),
});

const described = { description: text('What the maker calls it.') };

/** What a machine consists of, as one source sees it. */
export const hardwareAttributes = object('What the machine consists of. Absent parts were not reported.', {
  lastUpdated: time('When something here last changed.'),
  collectionMethod: text('Who reported it, such as `redfish`.'),
  cpu,
  memory,
  blockDevices: list('Drives.', blockDevice),
  networkInterfaces: list('Network adapters.', networkAdapter('One network adapter.')),
  gpuDevices: list(
    'Graphics processors and accelerators.',
    component('One graphics processor.', {
      ...described,
      class: text('PCI class.'),
      driver: text('Driver in use.'),
    }),
  ),
  pciDevices: list(
    'PCI devices.',
    object('One PCI device.', {
      vendor: maker.vendor,
      model: maker.model,
      class: text('PCI class.'),
      driver: text('Driver in use.'),
    }),
  ),
  chassis,
  baseboard,
  bios,
  product,
  bmc,
  psus: list(
    'Power supplies.',
    component('One power supply.', { ...described, powerCapacityWatts: int64('What it can deliver, in watts.') }),
  ),
  tpms: list(
    'Trusted platform modules.',
    component('One trusted platform module.', { interfaceType: text('Interface, such as `TPM2_0`.') }),
  ),
  storageControllers: list('Storage controllers.', component('One storage controller.', described)),
});

export type HardwareAttributes = z.infer<typeof hardwareAttributes>;
export type ComponentState = z.infer<typeof componentState>;
