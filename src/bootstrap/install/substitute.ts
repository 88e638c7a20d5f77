/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

const reference = /\$\$|\$\{\s*([A-Za-z_]\w*)\s*(?:(:?[=-])([^}]*))?\}/g;

/**
 * Fills in `${NAME}`, `${NAME:=default}` and `${NAME:-default}` as `clusterctl` does with the manifests of a provider; `$$`
 * stands for one dollar sign.
 * @throws Error naming every variable that has neither a value nor a default
 */
export function substitute(text: string, variables: Variables): string {
  const missing = new Set<string>();
  const filled = text.replace(reference, (whole, name?: string, operator?: string, fallback = '') => {
    if (name === undefined) return '$';
    const value = variables[name];
    const absent = value === undefined || (value === '' && operator?.startsWith(':') === true);
    if (!absent) return value;
    if (operator !== undefined) return fallback;
    missing.add(name);
    return whole;
  });
  if (missing.size === 0) return filled;
  throw new Error(`variables without a value: ${[...missing].join(', ')}`);
}
