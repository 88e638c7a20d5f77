import type { HardwareAttributes } from '../../../api/tinkerbell/v1alpha1/hardware-inventory.ts';
import { equalJson } from '../../../kube/objects/json.ts';
import type { BmcInventory } from '../../port.ts';

/** What a BMC tells of its machine, in the words of Hardware; lists in an order that does not hang on the BMC's. Pure. */
export function attributesOf(inventory: BmcInventory): HardwareAttributes {
  const { manufacturer: vendor, model, serialNumber, biosVersion, bmcFirmwareVersion, memoryBytes } = inventory;
  const { processors, drives, networkInterfaces } = inventory;
  return withoutEmpty({
    cpu: withoutEmpty({
      totalCores: sum(processors.map(({ cores }) => cores)),
      totalThreads: sum(processors.map(({ threads }) => threads)),
      sockets: sorted(processors.map(({ model, cores, threads }) => withoutEmpty({ model, cores, threads }))),
    }),
    memory: withoutEmpty({ totalBytes: memoryBytes }),
    blockDevices: sorted(
      drives.map(({ model, serialNumber, sizeBytes, rotational }) => {
        const driveType = rotational === undefined ? undefined : rotational ? 'HDD' : 'SSD';
        return withoutEmpty({ model, serialNumber, sizeBytes, driveType });
      }),
    ),
    networkInterfaces: sorted(
      networkInterfaces.map(({ name, macAddress, linkUp }) => {
        const linkStatus = linkUp === undefined ? undefined : linkUp ? 'LinkUp' : 'LinkDown';
        const port = withoutEmpty({ mac: macAddress?.toLowerCase(), linkStatus });
        return withoutEmpty({ name, ports: Object.keys(port).length === 0 ? [] : [port] });
      }),
    ),
    product: withoutEmpty({ vendor, model, serialNumber }),
    bios: withoutEmpty({ firmwareVersion: biosVersion }),
    bmc: withoutEmpty({ firmwareVersion: bmcFirmwareVersion }),
  }) as HardwareAttributes;
}

/**
 * What to apply after an inventory. One that is empty (BMCs tell nothing of machines that are off) does not wipe out what
 * was known; the time moves on in any case, or the same inventory would be asked for again and again.
 */
export function attributesAfter(
  before: HardwareAttributes | undefined,
  inventory: BmcInventory,
  collectionMethod: string,
  lastUpdated: string,
): HardwareAttributes {
  const found = attributesOf(inventory);
  const content = equalJson(found, {}) ? before : found;
  return { ...content, collectionMethod, lastUpdated };
}

type Value = string | number | boolean | object | undefined;

/** Without members that say nothing: absent ones, empty texts, lists and objects. */
function withoutEmpty<T extends Record<string, Value>>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(object).filter(([, value]) => {
    if (value === undefined || value === '') return false;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

function sum(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
}

function sorted<T extends object>(list: readonly T[]): T[] {
  return list
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);
}
