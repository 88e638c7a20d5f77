/** RFC 3339 in whole seconds, as the API keeps times. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
