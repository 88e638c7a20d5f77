import { isIPv6 } from 'node:net';

/**
 * Scheme, host and port as the origin of a URL.
 * @returns undefined for what is no host name and no address: it must not turn into a path, or a user name
 */
export function originOf(scheme: 'https' | 'http', host: string, port: number): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  // The zone of a link-local address (`%eth0`) has no place in a URL.
  const name = isIPv6(bare) && !bare.includes('%') ? `[${bare}]` : bare;
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)$/i.test(name)) return undefined;
  return URL.parse(`${scheme}://${name}:${port}/`)?.origin;
}
