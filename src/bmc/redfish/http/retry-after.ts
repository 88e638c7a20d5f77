const longestSeconds = 3600;

/** `Retry-After` in seconds, given as such or as a date (RFC 9110 §10.2.3); at most an hour. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), longestSeconds) : undefined;
}
