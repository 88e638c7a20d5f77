/** Where something lies in a table: the block counted from the start of the table in bytes, and the place in it. */
export interface Position {
  readonly block: number;
  readonly offset: number;
}

const blockSize = 8192;
/** In the two bytes before each block: that it is not compressed. */
const plain = 0x8000;

/**
 * A table of squashfs: a stream cut into blocks of 8 KiB. They are left as they are: all tables together have a few
 * dozen KB, and so the place of everything is known before anything is packed.
 */
export class MetadataTable {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get end(): Position {
    const index = Math.floor(this.#length / blockSize);
    return { block: index * (blockSize + 2), offset: this.#length % blockSize };
  }

  /** @returns where it begins */
  append(data: Uint8Array): Position {
    const { end } = this;
    this.#parts.push(data);
    this.#length += data.length;
    return end;
  }

  /** The table as it lies in the image, and where each of its blocks begins in it. */
  pack(): { data: Buffer; blocks: number[] } {
    const stream = Buffer.concat(this.#parts);
    const packed: Uint8Array[] = [];
    const blocks: number[] = [];
    for (let at = 0; at < stream.length; at += blockSize) {
      const block = stream.subarray(at, at + blockSize);
      const header = Buffer.alloc(2);
      header.writeUInt16LE(block.length | plain);
      blocks.push((at / blockSize) * (blockSize + 2));
      packed.push(header, block);
    }
    return { data: Buffer.concat(packed), blocks };
  }
}
