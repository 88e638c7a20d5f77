import { constants } from 'node:crypto';
import type { buildConnector } from 'undici';
import type { RedfishSettings } from '../options.ts';

/**
 * How to connect. By default certificates are verified and TLS is 1.2 or newer; each is given up only where an option
 * says so.
 */
export function connectOptions(settings: RedfishSettings): buildConnector.BuildOptions {
  const { insecureTLS, oldTLS, caCertificates, tlsServerName, connectTimeoutSeconds } = settings;
  return {
    timeout: connectTimeoutSeconds * 1000,
    rejectUnauthorized: !insecureTLS,
    ...(caCertificates === undefined ? {} : { ca: caCertificates }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    ...(oldTLS ? { ...oldest } : {}),
  };
}

/** OpenSSL 3 speaks TLS below 1.2, takes short keys and renegotiates the old way only when asked like this. */
const oldest = {
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const;
