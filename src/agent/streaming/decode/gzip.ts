import { constants, createInflateRaw } from 'node:zlib';
import type { Decoder } from './decoder.ts';
import { type Blocks, Output } from './output.ts';
import { PushQueue, type Reader } from './push-queue.ts';
import { SparseCrc32 } from './sparse-crc32.ts';
import { DecodeError, ZlibEngine } from './zlib-engine.ts';

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 };

/**
 * Decompresses all members of a gzip file (RFC 1952), each with its checksum and length looked at. Stricter than node:zlib,
 * which ignores what follows the first member where that starts with a zero: after the last member there may only be zeros.
 */
export class GzipDecoder implements Decoder {
  readonly #queue = new PushQueue();
  readonly #engine = new ZlibEngine(createInflateRaw(), constants.Z_FINISH);
  readonly #output: Output;
  readonly #reading: Reader<void>;
  #crc = new SparseCrc32();
  #size = 0;

  constructor(blocks: Blocks) {
    this.#output = new Output(blocks, (bytes) => {
      this.#crc.update(bytes);
      this.#size += bytes.length;
    });
    this.#reading = this.#members();
    this.#reading.next();
  }

  put(bytes: Uint8Array): void {
    this.#reading.next(bytes);
  }

  end(): void {
    this.#reading.next(undefined);
    this.#output.flush();
  }

  *#members(): Reader<void> {
    for (let start = yield* this.#queue.take(10); ; start = yield* this.#queue.take(10)) {
      yield* this.#header(start);
      yield* this.#body();
      const next = yield* this.#queue.next();
      if (next === undefined) return;
      this.#queue.putBack(next);
      if (next[0] === 0) return yield* this.#padding();
    }
  }

  *#body(): Reader<void> {
    this.#engine.reset();
    this.#crc = new SparseCrc32();
    this.#size = 0;
    for (;;) {
      const bytes = yield* this.#queue.next();
      if (bytes === undefined) break;
      const taken = this.#engine.run(bytes, this.#output);
      this.#queue.putBack(bytes.subarray(taken));
      if (taken < bytes.length) break;
    }
    const trailer = yield* this.#queue.take(8);
    if (trailer.length < 8) throw new DecodeError('it ends before the checksum');
    const isRight = trailer.readUInt32LE(0) === this.#crc.value && trailer.readUInt32LE(4) === this.#size % 2 ** 32;
    if (!isRight) throw new DecodeError('the checksum is wrong');
  }

  *#header(start: Buffer): Reader<void> {
    if (start.length < 10) throw new DecodeError('it ends in a header');
    const flags = start[3] ?? 0;
    if (start[0] !== 0x1f || start[1] !== 0x8b || start[2] !== 8 || (flags & flag.reserved) !== 0) {
      throw new DecodeError('a member has a wrong header');
    }
    if (flags & flag.extra) {
      const length = yield* this.#queue.take(2);
      if (length.length === 2) yield* this.#queue.take(length.readUInt16LE(0));
    }
    if (flags & flag.name) yield* this.#skipText();
    if (flags & flag.comment) yield* this.#skipText();
    if (flags & flag.headerCrc) yield* this.#queue.take(2);
  }

  *#skipText(): Reader<void> {
    for (;;) {
      const bytes = yield* this.#queue.next();
      if (bytes === undefined) throw new DecodeError('it ends in a header');
      const end = bytes.indexOf(0);
      if (end < 0) continue;
      return this.#queue.putBack(bytes.subarray(end + 1));
    }
  }

  *#padding(): Reader<void> {
    for (;;) {
      const bytes = yield* this.#queue.next();
      if (bytes === undefined) return;
      if (!bytes.every((byte) => byte === 0)) throw new DecodeError('there is something after the last member');
    }
  }
}
