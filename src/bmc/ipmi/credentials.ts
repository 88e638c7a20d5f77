import type { BmcCredentials } from '../port.ts';
import { usernameLimit } from './codec/rakp.ts';
import { passwordLimit } from './crypto/handshake-hashes.ts';

/**
 * Why IPMI 2.0 cannot carry these credentials (§13.20, §22.30), `undefined` when it can. Cutting a long password off,
 * as some tools do, would send another one.
 */
export function credentialsFault({ username, password }: BmcCredentials): string | undefined {
  const usernameBytes = Buffer.byteLength(username);
  const passwordBytes = Buffer.byteLength(password);
  if (usernameBytes > usernameLimit) {
    return `the user name has ${usernameBytes} bytes; IPMI 2.0 allows ${usernameLimit}`;
  }
  if (passwordBytes > passwordLimit) {
    return `the password has ${passwordBytes} bytes; IPMI 2.0 allows ${passwordLimit}`;
  }
  if (username.includes('\0') || password.includes('\0')) return 'user name and password must not hold a zero byte';
  return undefined;
}
