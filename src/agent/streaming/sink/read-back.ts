import { createHash } from 'node:crypto';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { HeldRange } from './held-range.ts';
import { alignedBytes, type Target } from './target.ts';
import { isZero } from './zero-runs.ts';

/** Read in one go; the memory of it is reused. */
const readBytes = 4 << 20;

/**
 * Reads the first `imageBytes` bytes from the medium and compares their digest with what came in. The ranges held back have to
 * be zeros on the disk at this time; in the digest they are what they will be.
 */
export function verifyReadBack(target: Target, held: readonly HeldRange[], imageBytes: number, sha256: string): void {
  const hash = createHash('sha256');
  const buffer = alignedBytes(readBytes);
  for (let position = 0; position < imageBytes; position += readBytes) {
    const length = Math.min(readBytes, imageBytes - position);
    const got = Math.min(target.read(buffer, position), length);
    const bytes = buffer.subarray(0, length);
    const end = position + length;
    if (got < length) throw differs(target, position + got, end);
    for (const range of held) putBack(target, range, bytes, position);
    hash.update(bytes);
  }
  if (hash.digest('hex') !== sha256) throw differs(target, 0, imageBytes);
}

function putBack(target: Target, range: HeldRange, bytes: Uint8Array, position: number): void {
  const from = Math.max(range.start, position);
  const to = Math.min(range.end, position + bytes.length);
  if (from >= to) return;
  const part = bytes.subarray(from - position, to - position);
  if (!isZero(part)) throw differs(target, from, to);
  part.set(range.bytes.subarray(from - range.start, to - range.start));
}

/** After the ranges were written: they hold what they should. */
export function verifyHeld(target: Target, held: readonly HeldRange[]): void {
  for (const { start, filled } of held) {
    // Whole sectors, because reads past the cache have to be.
    const buffer = alignedBytes(Math.ceil(filled.length / 4096) * 4096);
    target.read(buffer, start);
    if (Buffer.compare(buffer.subarray(0, filled.length), filled) !== 0) {
      throw differs(target, start, start + filled.length);
    }
  }
}

function differs(target: Target, from: number, to: number): CaptError {
  return new CaptError('DISK_VERIFY_FAILED', { disk: target.name, from, to });
}
