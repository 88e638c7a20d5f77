import type { CipherSuite } from '../../../bmc/ipmi/crypto/cipher-suite.ts';
import type { HandshakeFacts } from '../../../bmc/ipmi/crypto/handshake-hashes.ts';
import type { IpmiUser } from './options.ts';

/** A session on its way, from Open Session to RAKP 4. */
export interface HalfSession {
  readonly bmcSessionId: number;
  readonly consoleSessionId: number;
  readonly suite: CipherSuite;
  /** On the BMC's monotonic clock. */
  readonly bornMs: number;
  /** The messages answered so far with their answers, by payload type: a repeated message gets the same answer. */
  readonly answered: Map<number, { message: Buffer; answer: Buffer }>;
  /** Known from RAKP 1 on. */
  challenge?: { facts: HandshakeFacts; user: IpmiUser };
}
