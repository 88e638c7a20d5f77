import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { biosBootSectors } from './boot-sectors.ts';

const mbr = Buffer.alloc(512, 0xaa);
const bootImage = Buffer.alloc(512, 0x11);
const coreImage = Buffer.alloc(512 * 3 + 1, 0x22);

describe('boot sectors for BIOS', () => {
  it('tell GRUB where it goes on: sectors that grub-bios-setup would write', () => {
    const { first, core } = biosBootSectors(mbr, bootImage, coreImage, 2048);
    assert.equal(first.readBigUInt64LE(0x5c), 2048n);
    assert.equal(first[0x64], 0xff);
    assert.equal(first.readUInt16LE(0x66), 0x9090);
    assert.equal(core.readBigUInt64LE(500), 2049n);
    assert.equal(core.readUInt16LE(508), 3);
    assert.equal(core.readUInt16LE(510), 0x820);
    assert.deepEqual(core.subarray(512), coreImage.subarray(512));
  });

  it('keep the partitions of the first sector', () => {
    const { first } = biosBootSectors(mbr, bootImage, coreImage, 2048);
    assert.deepEqual(first.subarray(440), mbr.subarray(440));
    assert.deepEqual(first.subarray(0, 0x5c), bootImage.subarray(0, 0x5c));
  });

  it('are not made of files that are something else', () => {
    assert.throws(() => biosBootSectors(mbr, Buffer.alloc(511), coreImage, 2048), /511 bytes/);
    assert.throws(() => biosBootSectors(mbr, bootImage, Buffer.alloc(512), 2048), /empty/);
  });
});
