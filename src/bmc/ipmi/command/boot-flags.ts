import type { BootDevice, BootOverride, BootOverrideState } from '../../port.ts';
import { Reader } from '../codec/reader.ts';

/** The five bytes of boot flags (IPMI v2.0 §28.13, table 28-14, parameter 5) ↔ a boot override. */
const flag = { valid: 0x80, persistent: 0x40, efi: 0x20 } as const;

const deviceNumbers: Record<BootDevice, number> = { pxe: 1, disk: 2, safe: 3, cdrom: 5, bios: 6 };
/** Remote CD/DVD and remote hard disk: what a BMC may turn our wish into when the medium is a virtual one. */
const remoteDevices: Readonly<Record<number, BootDevice>> = { 8: 'cdrom', 11: 'disk' };

/** `undefined` takes an override back. */
export function encodeBootFlags(override: BootOverride | undefined): Buffer {
  if (override === undefined) return Buffer.alloc(5);
  const flags = flag.valid | (override.persistent ? flag.persistent : 0) | (override.efiBoot ? flag.efi : 0);
  return Buffer.of(flags, deviceNumbers[override.device] << 2, 0, 0, 0);
}

/**
 * `device` is absent when the BMC names one that has no name here. OpenIPMI's ipmi_sim keeps the device and no flag: with
 * none at all the device it names is told along, though nothing says that it holds.
 * @throws Malformed
 */
export function decodeBootFlags(bytes: Buffer): BootOverrideState {
  const reader = new Reader(bytes, 'boot flags');
  const flags = reader.u8();
  const number = (reader.u8() >> 2) & 0x0f;
  const device = deviceOf(number);
  if (flags === 0 && device !== undefined) return { active: false, device };
  if ((flags & flag.valid) === 0 || number === 0) return { active: false };
  return {
    active: true,
    ...(device === undefined ? {} : { device }),
    efiBoot: (flags & flag.efi) !== 0,
    persistent: (flags & flag.persistent) !== 0,
  };
}

function deviceOf(number: number): BootDevice | undefined {
  const devices = Object.keys(deviceNumbers) as BootDevice[];
  return devices.find((device) => deviceNumbers[device] === number) ?? remoteDevices[number];
}
