import type { Target } from './target.ts';

/** A disk in memory that remembers what happened to it, in order, and can be broken. */
export class FakeTarget implements Target {
  readonly name = '/dev/fake';
  readonly sizeBytes: number;
  readonly content: Uint8Array;
  readonly log: string[] = [];
  /** Writes that touch this position fail. */
  failAt: number | undefined;
  /** How it makes ranges zero: as it should, by doing nothing, or not at all. */
  zeroing: 'works' | 'lies' | 'unsupported' = 'works';
  /** Bytes that arrived by `write`. */
  writtenBytes = 0;
  /** Called before each change: what a crash at this instant would leave is in `content`. */
  onChange: () => void = () => {};

  constructor(sizeBytes: number, fill = 0xee) {
    this.sizeBytes = sizeBytes;
    this.content = new Uint8Array(sizeBytes).fill(fill);
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (this.failAt !== undefined && position <= this.failAt && this.failAt < end) throw new Error('medium error');
    if (end > this.sizeBytes) throw new Error('no space left on device');
    this.onChange();
    this.content.set(bytes, position);
    this.writtenBytes += bytes.length;
    this.log.push(`write ${position} ${bytes.length}`);
  }

  read(into: Uint8Array, position: number): number {
    const part = this.content.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }

  sync(): void {
    this.log.push('sync');
  }

  zero(position: number, lengthBytes: number): void {
    if (this.zeroing === 'unsupported') throw new Error('operation not supported');
    this.onChange();
    this.log.push(`zero ${position} ${lengthBytes}`);
    if (this.zeroing === 'works') this.content.fill(0, position, position + lengthBytes);
  }

  extend(): void {}

  close(): void {}
}
