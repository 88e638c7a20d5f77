/** Bytes that are not what they should be. Packets from the network that cause it are dropped, as the protocol demands. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Takes a packet apart from front to back; every step beyond its end throws `Malformed`. Numbers are little-endian. */
export class Reader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  /** `what` names the packet in errors. */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#step(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#step(2));
  }

  u24(): number {
    return this.#bytes.readUIntLE(this.#step(3), 3);
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#step(4));
  }

  /** The next `length` bytes: a view, not a copy. */
  take(length: number): Buffer {
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  rest(): Buffer {
    return this.take(this.left);
  }

  skip(length: number): void {
    this.#step(length);
  }

  #step(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) {
      throw new Malformed(`${this.#what}: ends after ${this.#bytes.length} bytes, ${at + length} are needed`);
    }
    this.#at += length;
    return at;
  }
}
