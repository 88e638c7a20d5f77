const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A path as Kubernetes writes it: `spec.interfaces[0].dhcp.mac`, map keys that are no plain names in brackets. */
export function fieldPath(segments: readonly PropertyKey[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'string' && plainName.test(segment)) path += path === '' ? segment : `.${segment}`;
    else path += `[${String(segment)}]`;
  }
  return path;
}

/** What is at a path, `undefined` when nothing is. */
export function valueAt(object: unknown, segments: readonly PropertyKey[]): unknown {
  let value = object;
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[segment];
  }
  return value;
}
