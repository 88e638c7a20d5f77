import { crc32 } from 'node:zlib';

/** A disk image for tests: a GUID partition table with one partition, runs of data and of zeros, the same for each seed. */
export function sampleImage(sizeBytes: number, seed = 1): Buffer {
  const image = Buffer.alloc(sizeBytes);
  const sectors = sizeBytes / 512;
  const random = generator(seed);
  for (let start = 1 << 20; start < sizeBytes - (1 << 16); start += 1 << 16) {
    if (random() % 3 !== 0) continue;
    for (let at = start; at < start + (1 << 16); at += 4) image.writeUInt32LE(random(), at);
  }
  image.write('boot code', 0, 'latin1');
  image[450] = 0xee;
  image.writeUInt32LE(1, 454);
  image.writeUInt32LE(sectors - 1, 458);
  image.writeUInt16LE(0xaa55, 510);
  for (const entries of [1024, sizeBytes - 33 * 512]) {
    image.write('linux filesystem', entries, 'latin1');
    image.write('unique partition', entries + 16, 'latin1');
    image.writeBigUInt64LE(2048n, entries + 32);
    image.writeBigUInt64LE(BigInt(sectors - 34), entries + 40);
  }
  header(image, 512, 1, sectors - 1, 2);
  header(image, sizeBytes - 512, sectors - 1, 1, sectors - 33);
  return image;
}

/** UEFI 2.10 5.3.2, with its checksums: kernels do not believe a table without them. */
function header(image: Buffer, offset: number, own: number, copy: number, entries: number): void {
  image.write('EFI PART', offset, 'latin1');
  image.writeUInt32LE(0x10000, offset + 8);
  image.writeUInt32LE(92, offset + 12);
  image.writeBigUInt64LE(BigInt(own), offset + 24);
  image.writeBigUInt64LE(BigInt(copy), offset + 32);
  image.writeBigUInt64LE(34n, offset + 40);
  image.writeBigUInt64LE(BigInt(image.length / 512 - 34), offset + 48);
  image.write('sample disk guid', offset + 56, 'latin1');
  image.writeBigUInt64LE(BigInt(entries), offset + 72);
  image.writeUInt32LE(128, offset + 80);
  image.writeUInt32LE(128, offset + 84);
  image.writeUInt32LE(crc32(image.subarray(entries * 512, (entries + 32) * 512)), offset + 88);
  image.writeUInt32LE(crc32(image.subarray(offset, offset + 92)), offset + 16);
}

/** Numbers of 32 bits that look random (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
