import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { BootDevice } from '../../port.ts';
import { generic } from '../vendor/generic.ts';
import { supermicro } from '../vendor/supermicro.ts';
import type { Vendor } from '../vendor/vendor.ts';
import { chooseBootTarget, deviceOfTarget } from './targets.ts';

describe('the boot target', () => {
  const table: [BootDevice, boolean, string[] | undefined, Vendor, string | undefined][] = [
    ['pxe', true, undefined, generic, 'Pxe'],
    ['pxe', true, ['Pxe', 'UefiHttp'], generic, 'Pxe'],
    ['pxe', true, ['UefiHttp'], generic, 'UefiHttp'],
    ['pxe', false, ['UefiHttp'], generic, undefined],
    ['disk', true, ['Hdd'], generic, 'Hdd'],
    ['bios', true, ['BiosSetup'], generic, 'BiosSetup'],
    ['cdrom', true, ['Cd', 'UsbCd'], generic, 'Cd'],
    ['cdrom', true, ['Cd', 'UsbCd'], supermicro, 'UsbCd'],
    ['cdrom', true, ['Cd'], supermicro, 'Cd'],
    ['cdrom', true, undefined, supermicro, 'Cd'],
    ['cdrom', true, ['UsbCd'], generic, 'UsbCd'],
    ['cdrom', true, ['Pxe'], generic, undefined],
    ['safe', true, undefined, generic, undefined],
  ];
  for (const [device, efi, allowed, vendor, target] of table) {
    const of = allowed?.join(', ') ?? 'what is not said';
    it(`of ${vendor.name} for ${device} (${efi ? 'UEFI' : 'legacy'}) is ${target ?? 'none'} of ${of}`, () => {
      assert.equal(chooseBootTarget(device, efi, allowed, vendor), target);
    });
  }

  it('is a device again when it is read', () => {
    const devices = ['Pxe', 'UefiHttp', 'Hdd', 'Cd', 'UsbCd', 'BiosSetup', 'Diags'].map(deviceOfTarget);
    assert.deepEqual(devices, ['pxe', 'pxe', 'disk', 'cdrom', 'cdrom', 'bios', undefined]);
  });
});
