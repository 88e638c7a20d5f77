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
  image.writeUInt16LE(0xaa55, 510);
  header(image, 512, 1, sectors - 1, 2);
  header(image, sizeBytes - 512, sectors - 1, 1, sectors - 33);
  for (const entries of [1024, sizeBytes - 33 * 512]) {
    image.write('linux filesystem', entries, 'latin1');
    image.writeBigUInt64LE(2048n, entries + 32);
    image.writeBigUInt64LE(BigInt(sectors - 34), entries + 40);
  }
  return image;
}

function header(image: Buffer, offset: number, own: number, copy: number, entries: number): void {
  image.write('EFI PART', offset, 'latin1');
  image.writeBigUInt64LE(BigInt(own), offset + 24);
  image.writeBigUInt64LE(BigInt(copy), offset + 32);
  image.writeBigUInt64LE(BigInt(entries), offset + 72);
  image.writeUInt32LE(128, offset + 80);
  image.writeUInt32LE(128, offset + 84);
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
