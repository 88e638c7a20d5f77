import { alignedBytes, type Target } from './target.ts';
import { isZero } from './zero-runs.ts';

const probeBytes = 65_536;

/**
 * Tries whether the target reads as zeros after it was told to be zero, where it certainly was not before. Devices are known
 * to promise this and not do it, and then holes of an image would show what the disk held before. Overwrites a few blocks
 * between `from` and `to`.
 */
export function readsBackZeros(target: Target, from: number, to: number): boolean {
  const places = probePlaces(from, to);
  if (places.length === 0) return false;
  const pattern = alignedBytes(probeBytes).fill(0xa5);
  try {
    for (const place of places) target.write(pattern, place);
    target.sync();
    // If these come back, what is read is the medium and not a mistake of the probe.
    if (!places.every((place) => holds(target, place, (bytes) => bytes.every((byte) => byte === 0xa5)))) return false;
    for (const place of places) target.zero(place, probeBytes);
    return places.every((place) => holds(target, place, isZero));
  } catch {
    return false;
  }
}

function holds(target: Target, place: number, expected: (bytes: Uint8Array) => boolean): boolean {
  const bytes = alignedBytes(probeBytes);
  return target.read(bytes, place) === bytes.length && expected(bytes);
}

/** Start, middle and end of the range, on whole blocks. */
function probePlaces(from: number, to: number): number[] {
  const first = Math.ceil(from / probeBytes) * probeBytes;
  const last = Math.floor(to / probeBytes) * probeBytes - probeBytes;
  if (last < first) return [];
  const middle = Math.floor((first + last) / 2 / probeBytes) * probeBytes;
  return [...new Set([first, middle, last])];
}
