import { isIPv6 } from 'node:net';
import { isUnspecified } from './pki/plan.ts';

/** `https://host:port` under which a server listening on `address` is reached from this machine. */
export function serverUrl(address: string, port: number): string {
  return `https://${hostPort(dialAddress(address), port)}`;
}

/** An address to dial for a server that listens on `address`. */
export function dialAddress(address: string): string {
  if (!isUnspecified(address)) return address;
  return address === '::' ? '::1' : '127.0.0.1';
}

export function hostPort(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
