/**
 * Compares two resourceVersions of one resource. They are decimal numbers without leading zeros and comparable since
 * Kubernetes 1.35 (KEP-5504); every API server on etcd has always behaved so.
 * @returns negative when `a` is older, positive when newer, 0 when equal
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}
