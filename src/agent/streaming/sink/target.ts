/**
 * What an image is written to, with calls that block: they run in a thread of their own, where waiting for the disk costs
 * nobody anything and is all the back-pressure there has to be. All positions and lengths are bytes.
 */
export interface Target {
  readonly name: string;
  /** Infinity for a file, which grows. */
  readonly sizeBytes: number;
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array, position: number): void;
  /** Reads from the medium, not from a cache; returns less only at the end. `into` has to come from `alignedBytes`. */
  read(into: Uint8Array, position: number): number;
  /** Everything written has reached the medium. */
  sync(): void;
  /** Makes a range read as zeros without sending zeros. Throws when the device does not do that. */
  zero(position: number, lengthBytes: number): void;
  /** Makes a file at least so long: zeros at the end may not have been written. Nothing for a disk. */
  extend(sizeBytes: number): void;
  close(): void;
}

/** What is needed of the global `WebAssembly`, which the types of Node leave to those of browsers. */
interface WebAssemblyMemory {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
}

/** Memory that starts at a page, as reads past the page cache need it (open(2), O_DIRECT); other buffers start anywhere. */
export function alignedBytes(length: number): Uint8Array {
  const pageBytes = 65_536;
  const { Memory } = (globalThis as unknown as { WebAssembly: WebAssemblyMemory }).WebAssembly;
  return new Uint8Array(new Memory({ initial: Math.ceil(length / pageBytes) }).buffer, 0, length);
}
