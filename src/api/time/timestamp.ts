/** RFC 3339 in whole seconds, as the API keeps times (`metav1.Time`): with fractions no comparison with what was read back would hold. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
