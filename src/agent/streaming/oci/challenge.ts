/** What a registry wants to be shown: basic credentials, or a token from somewhere. */
export type Challenge = { readonly scheme: 'basic' } | { readonly scheme: 'bearer'; readonly tokenUrl: string };

/**
 * Reads `WWW-Authenticate: Bearer realm="…",service="…",scope="…"` (distribution specification, token authentication).
 * @returns undefined for what is not understood
 */
export function parseChallenge(header: string | undefined, repository: string): Challenge | undefined {
  const match = /^\s*(\w+)\s*(.*)$/s.exec(header ?? '');
  const scheme = match?.[1]?.toLowerCase();
  if (scheme === 'basic') return { scheme };
  if (scheme !== 'bearer') return undefined;
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, plain] of (match?.[2] ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^\s,"]+))/g)) {
    parameters.set(key.toLowerCase(), quoted ?? plain ?? '');
  }
  const url = URL.parse(parameters.get('realm') ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const service = parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', parameters.get('scope') ?? `repository:${repository}:pull`);
  return { scheme, tokenUrl: url.href };
}
