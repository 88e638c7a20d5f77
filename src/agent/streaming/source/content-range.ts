export interface ContentRange {
  readonly start: number;
  readonly totalBytes: number | undefined;
}

/** `bytes 100-199/1000` or `bytes 100-199/*` (RFC 9110 14.4); undefined for anything else. */
export function parseContentRange(value: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(value?.trim() ?? '');
  if (match === null) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  const totalBytes = match[3] === '*' ? undefined : Number(match[3]);
  if (end < start || (totalBytes !== undefined && end >= totalBytes)) return undefined;
  return { start, totalBytes };
}

/** A Content-Length, undefined when it is missing or no number. */
export function parseLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}
