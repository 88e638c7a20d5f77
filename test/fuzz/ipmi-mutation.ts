import type { Random } from '../faults/random.ts';

/** Bytes that mean something somewhere in the protocol, or are the ends of something. */
const telling = [0x00, 0x01, 0x06, 0x07, 0x0f, 0x10, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc1, 0xfe, 0xff];

const steps: ((bytes: Buffer, random: Random, pool: readonly Buffer[]) => Buffer)[] = [
  function flipBit(bytes, random) {
    const at = random.below(Math.max(1, bytes.length));
    return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
  },
  (bytes, random) => withByte(bytes, random.below(Math.max(1, bytes.length)), random.pick(telling)),
  (bytes, random) => withByte(bytes, random.below(Math.max(1, bytes.length)), random.below(256)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, randomBytes(random, random.below(40))]),
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random, 1 + random.below(8)), bytes.subarray(at)]);
  },
  function splice(bytes, random, pool) {
    const other = random.pick(pool);
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  function swapLength(bytes, random) {
    // The payload length of RMCP+ and the message length of v1.5, where a wrong number does most.
    const at = random.pick([13, 14, 15]);
    return withByte(bytes, at, random.pick(telling));
  },
];

/** Something that resembles one of `pool`, or nothing at all. */
export function malformed(pool: readonly Buffer[], random: Random): Buffer {
  if (random.chance(0.05)) return randomBytes(random, random.below(120));
  let bytes = random.pick(pool);
  for (let count = 1 + random.below(3); count > 0; count--) bytes = random.pick(steps)(bytes, random, pool);
  return bytes;
}

export function randomBytes(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = random.below(256);
  return bytes;
}

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  if (at >= bytes.length) return bytes;
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
