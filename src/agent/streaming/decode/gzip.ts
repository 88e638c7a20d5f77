import { crc32, createInflateRaw } from 'node:zlib';
import type { ByteQueue } from './byte-queue.ts';
import { type ZlibStream, zlibRun } from './zlib-run.ts';

/**
 * Decompresses all members of a gzip file (RFC 1952), each with its checksum and length looked at. Stricter than node:zlib,
 * which ignores what follows the first member where that starts with a zero: after the last member there may only be zeros.
 */
export async function* gunzip(queue: ByteQueue): AsyncGenerator<Uint8Array, void> {
  for (let members = 0; ; members++) {
    const start = await queue.take(10);
    if (members > 0 && start.every((byte) => byte === 0)) {
      for await (const chunk of queue.rest()) {
        if (!chunk.every((byte) => byte === 0)) throw new Error('there is something after the last member');
      }
      return;
    }
    await header(queue, start);
    let crc = 0;
    let size = 0;
    for await (const chunk of zlibRun(createInflateRaw() as ZlibStream, queue)) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
    const trailer = gzipTrailer(await queue.take(8));
    if (trailer === undefined) throw new Error('it ends before the checksum');
    if (trailer.crc32 !== crc || trailer.sizeModulo !== size % 2 ** 32) throw new Error('the checksum is wrong');
  }
}

/** Checksum and length (modulo 2^32) of the last 8 bytes of a member. */
export function gzipTrailer(bytes: Uint8Array): { crc32: number; sizeModulo: number } | undefined {
  if (bytes.length < 8) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  return { crc32: buffer.readUInt32LE(0), sizeModulo: buffer.readUInt32LE(4) };
}

/** True when the first member says that it is one of many small ones (bgzip: an extra field named BC). */
export function isBlockGzip(head: Uint8Array): boolean {
  return ((head[3] ?? 0) & 4) !== 0 && head[12] === 0x42 && head[13] === 0x43;
}

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 };

async function header(queue: ByteQueue, start: Uint8Array): Promise<void> {
  if (start.length < 10) throw new Error('it ends in a header');
  const flags = start[3] ?? 0;
  if (start[0] !== 0x1f || start[1] !== 0x8b || start[2] !== 8 || (flags & flag.reserved) !== 0) {
    throw new Error('a member has a wrong header');
  }
  if (flags & flag.extra) {
    const [low = 0, high = 0] = await queue.take(2);
    await queue.take(low + 256 * high);
  }
  if (flags & flag.name) await skipText(queue);
  if (flags & flag.comment) await skipText(queue);
  if (flags & flag.headerCrc) await queue.take(2);
}

async function skipText(queue: ByteQueue): Promise<void> {
  for (;;) {
    const chunk = await queue.next();
    if (chunk === undefined) throw new Error('it ends in a header');
    const end = chunk.indexOf(0);
    if (end < 0) continue;
    queue.putBack(chunk.subarray(end + 1));
    return;
  }
}
