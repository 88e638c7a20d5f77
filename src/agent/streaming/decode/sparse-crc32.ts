import { crc32 } from 'node:zlib';
import { dataRuns, zeroBlockBytes } from '../sink/zero-runs.ts';

const zeros = new Uint8Array(zeroBlockBytes);

/** The polynomial of RFC 1952 8, bits reversed. */
const polynomial = 0xedb8_8320;

/**
 * CRC-32 (RFC 1952) of data that is zero for the most part, as disk images are: a block of zeros is one multiplication instead
 * of a pass over it. The checksum is linear, so that what so many zeros do to it can be known beforehand.
 */
export class SparseCrc32 {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  update(bytes: Uint8Array): void {
    let done = 0;
    dataRuns(bytes, 0, (start, end) => {
      this.#zeros(start - done);
      this.#value = crc32(bytes.subarray(start, end), this.#value);
      done = end;
    });
    this.#zeros(bytes.length - done);
  }

  #zeros(length: number): void {
    let left = length;
    for (; left >= zeroBlockBytes; left -= zeroBlockBytes) {
      this.#value = ~times(zeroBlockOperator, ~this.#value) >>> 0;
    }
    if (left > 0) this.#value = crc32(zeros.subarray(0, left), this.#value);
  }
}

/** Row n is what becomes of bit n of the register (GF(2) matrix, as `crc32_combine` of zlib uses them). */
type Operator = Uint32Array;

function times(operator: Operator, vector: number): number {
  let product = 0;
  for (let bits = vector, row = 0; bits !== 0; bits >>>= 1, row++) {
    if (bits & 1) product ^= operator[row] ?? 0;
  }
  return product;
}

/** One bit of zero. */
function zeroBitOperator(): Operator {
  return Uint32Array.from({ length: 32 }, (_, bit) => (bit === 0 ? polynomial : 1 << (bit - 1)));
}

const zeroBlockOperator = ((): Operator => {
  let operator = zeroBitOperator();
  for (let bits = 1; bits < zeroBlockBytes * 8; bits *= 2) {
    operator = operator.map((row) => times(operator, row));
  }
  return operator;
})();
