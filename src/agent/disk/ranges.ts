/** Part of a device, in bytes from its beginning. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const mebibyte = 1024 * 1024;

/**
 * Where signatures are: partition tables and file systems in the first bytes, copies of GPT, RAID (0.90, 1.0) and ZFS in the
 * last; LUKS2 keeps its second header within the first 4 MiB. Of the disk and of each of its partitions; without overlaps,
 * in order.
 */
export function signatureRanges(sizeBytes: number, partitions: readonly Range[]): Range[] {
  const ranges = [{ start: 0, end: sizeBytes }, ...partitions].flatMap(({ start, end }) => [
    { start, end: Math.min(end, start + 4 * mebibyte) },
    { start: Math.max(start, end - mebibyte), end },
  ]);
  return merge(ranges.map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(end, sizeBytes) })));
}

function merge(ranges: readonly Range[]): Range[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.filter((range) => range.start < range.end).sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
