import type { Algorithms } from '../codec/algorithms.ts';

/** A set of algorithms under one number (IPMI v2.0 §22.15.2, table 22-20). Both encrypt by AES-CBC-128. */
export interface CipherSuite {
  readonly id: 3 | 17;
  readonly algorithms: Algorithms;
  /** The hash of the handshake, the keys and the packets. */
  readonly hash: 'sha1' | 'sha256';
  /** How many bytes of the hash go into a packet, and into RAKP 4. */
  readonly integrityLength: number;
}

/** RAKP-HMAC-SHA1, HMAC-SHA1-96, AES-CBC-128: what every BMC of IPMI 2.0 has to offer. */
const suite3: CipherSuite = {
  id: 3,
  algorithms: { authentication: 1, integrity: 1, confidentiality: 1 },
  hash: 'sha1',
  integrityLength: 12,
};

/** RAKP-HMAC-SHA256, HMAC-SHA256-128, AES-CBC-128. */
const suite17: CipherSuite = {
  id: 17,
  algorithms: { authentication: 3, integrity: 4, confidentiality: 1 },
  hash: 'sha256',
  integrityLength: 16,
};

/** Every suite spoken here, the best first. The others lack encryption, or rest on MD5 or RC4. */
export const cipherSuites: readonly CipherSuite[] = [suite17, suite3];

export function cipherSuiteById(id: number): CipherSuite | undefined {
  return cipherSuites.find((suite) => suite.id === id);
}

export function cipherSuiteOf(algorithms: Algorithms): CipherSuite | undefined {
  return cipherSuites.find(
    (suite) =>
      suite.algorithms.authentication === algorithms.authentication &&
      suite.algorithms.integrity === algorithms.integrity &&
      suite.algorithms.confidentiality === algorithms.confidentiality,
  );
}
