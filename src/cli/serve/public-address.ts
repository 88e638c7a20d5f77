import { readFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { CaptError } from '../../api/errors/capt-error.ts';

/**
 * The IPv4 address of the interface that the default route leaves by: where machines most likely reach this one.
 * @param routes the text of /proc/net/route
 */
export function addressOfDefaultRoute(
  routes: string,
  interfaces: NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'family'>[]>,
): string | undefined {
  for (const line of routes.split('\n').slice(1)) {
    const [name = '', destination, , , , , , mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000') continue;
    const found = interfaces[name]?.find(({ family }) => family === 'IPv4');
    if (found !== undefined) return found.address;
  }
  return undefined;
}

/**
 * Where machines reach this one.
 * @throws CaptError PUBLIC_ADDRESS_UNKNOWN
 */
export function publicAddress({ publicIpv4, bindAddress }: { publicIpv4?: string; bindAddress: string }): string {
  if (publicIpv4) return publicIpv4;
  if (bindAddress !== '0.0.0.0' && !bindAddress.includes(':')) return bindAddress;
  const found = addressOfDefaultRoute(readRoutes(), networkInterfaces());
  if (found === undefined) throw new CaptError('PUBLIC_ADDRESS_UNKNOWN');
  return found;
}

function readRoutes(): string {
  try {
    return readFileSync('/proc/net/route', 'utf8');
  } catch {
    return '';
  }
}
