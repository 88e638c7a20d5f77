import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { BmcCredentials } from '../../port.ts';
import {
  decodeOpenSessionResponse,
  encodeOpenSessionRequest,
  type OpenSessionAcceptance,
} from '../codec/open-session.ts';
import { decodeRakp2, decodeRakpProof, encodeRakp1, encodeRakpProof, nameOnlyLookup } from '../codec/rakp.ts';
import { describeRakpStatus, rakpStatus } from '../codec/rakp-status.ts';
import { Malformed } from '../codec/reader.ts';
import { decodeRmcp } from '../codec/rmcp.ts';
import { decodeSessionless20, encodeSessionless20, payloadType } from '../codec/session20.ts';
import { type CipherSuite, cipherSuiteOf } from '../crypto/cipher-suite.ts';
import {
  type HandshakeFacts,
  rakp2AuthCode,
  rakp3AuthCode,
  rakp4Check,
  sessionIntegrityKey,
  sessionKeys,
  userKey,
} from '../crypto/handshake-hashes.ts';
import { HandshakeRefused } from './handshake-refused.ts';
import { Link } from './link.ts';
import type { Tags } from './tags.ts';
import type { Wire } from './wire.ts';

export interface HandshakeOptions {
  suite: CipherSuite;
  credentials: BmcCredentials;
  /** Number of the privilege level that the session shall be able to have. */
  privilege: number;
  tags: Tags;
  /** Deadline of the first message, by whose silence some BMCs refuse a suite, and of each other, in milliseconds. */
  openTimeoutMs: number;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** The way into a session: Open Session, then RAKP messages 1 to 4 (IPMI v2.0 §13.15). */
export class Handshake {
  readonly #wire: Wire;
  readonly #options: HandshakeOptions;

  constructor(wire: Wire, options: HandshakeOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  /** @throws HandshakeRefused when the BMC said no; BmcError when it said nothing */
  async run(): Promise<Link> {
    const opened = await this.#open();
    const key = userKey(this.#options.credentials.password);
    const facts = await this.#exchangeRandoms(opened, key);
    const keys = await this.#exchangeProofs(facts, key);
    return new Link(this.#wire, keys, { console: facts.consoleSessionId, bmc: facts.bmcSessionId });
  }

  async #open(): Promise<OpenSessionAcceptance> {
    const { suite, privilege, openTimeoutMs } = this.#options;
    const consoleSessionId = randomBytes(4).readUInt32LE() || 1;
    const tag = this.#options.tags.next();
    const response = await this.#ask({
      name: `open session with cipher suite ${suite.id}`,
      send: payloadType.openSessionRequest,
      payload: encodeOpenSessionRequest({ tag, privilege, consoleSessionId, algorithms: suite.algorithms }),
      receive: payloadType.openSessionResponse,
      answer: decodeOpenSessionResponse,
      isOurs: (answer) => answer.tag === tag && isFor(consoleSessionId, answer.consoleSessionId, answer.status),
      timeoutMs: openTimeoutMs,
    });
    if (response.bmcSessionId === undefined) throw refused('open session', response.status, true);
    if (cipherSuiteOf(response.algorithms) !== suite) {
      throw new HandshakeRefused(
        'algorithms',
        'open session: the BMC chose other algorithms than it was offered',
        true,
      );
    }
    return response;
  }

  async #exchangeRandoms(opened: OpenSessionAcceptance, key: Buffer): Promise<HandshakeFacts> {
    const { suite, credentials, privilege } = this.#options;
    const { consoleSessionId, bmcSessionId } = opened;
    const consoleRandom = randomBytes(16);
    const role = privilege | nameOnlyLookup;
    const username = Buffer.from(credentials.username);
    const tag = this.#options.tags.next();
    const answer = await this.#ask({
      name: 'RAKP 1',
      send: payloadType.rakp1,
      payload: encodeRakp1({ tag, bmcSessionId, consoleRandom, role, username }),
      receive: payloadType.rakp2,
      answer: decodeRakp2,
      isOurs: (message) => message.tag === tag && isFor(consoleSessionId, message.consoleSessionId, message.status),
    });
    if (answer.status !== rakpStatus.ok) throw refused('RAKP 2', answer.status);
    const { bmcRandom, guid } = answer;
    const facts = { suite, consoleSessionId, bmcSessionId, consoleRandom, bmcRandom, guid, role, username };
    if (!sameBytes(answer.authCode, rakp2AuthCode(facts, key))) {
      // Lets the BMC forget the session that will not come to be (§13.22); there is nothing to wait for.
      const proof = {
        tag: this.#options.tags.next(),
        status: rakpStatus.invalidIntegrityCheck,
        sessionId: bmcSessionId,
      };
      const payload = encodeRakpProof({ ...proof, authCode: Buffer.alloc(0) });
      this.#wire.tell(encodeSessionless20(payloadType.rakp3, payload));
      throw new HandshakeRefused('unauthorized', 'RAKP 2: the BMC has another password for this user');
    }
    return facts;
  }

  async #exchangeProofs(facts: HandshakeFacts, key: Buffer) {
    const tag = this.#options.tags.next();
    const authCode = rakp3AuthCode(facts, key);
    const answer = await this.#ask({
      name: 'RAKP 3',
      send: payloadType.rakp3,
      payload: encodeRakpProof({ tag, status: rakpStatus.ok, sessionId: facts.bmcSessionId, authCode }),
      receive: payloadType.rakp4,
      answer: decodeRakpProof,
      isOurs: (message) => message.tag === tag && isFor(facts.consoleSessionId, message.sessionId, message.status),
    });
    if (answer.status === rakpStatus.invalidIntegrityCheck) {
      // RAKP 2 proved that the password is right. A BMC that got RAKP 1 twice may have changed its random number since.
      throw new HandshakeRefused('forgotten', `RAKP 4: ${describeRakpStatus(answer.status).text}`);
    }
    if (answer.status !== rakpStatus.ok) throw refused('RAKP 4', answer.status);
    const sessionKey = sessionIntegrityKey(facts, key);
    if (!sameBytes(answer.authCode, rakp4Check(facts, sessionKey))) {
      throw new HandshakeRefused(
        'unauthorized',
        'RAKP 4: the BMC made another session key, from a BMC key (K_g) maybe',
      );
    }
    return sessionKeys(facts.suite, sessionKey);
  }

  #ask<Message>(step: {
    name: string;
    send: number;
    payload: Buffer;
    receive: number;
    answer(payload: Buffer): Message;
    isOurs(message: Message): boolean;
    timeoutMs?: number;
  }): Promise<Message> {
    const datagram = encodeSessionless20(step.send, step.payload);
    return this.#wire.ask({
      name: step.name,
      datagram: () => datagram,
      answer(received) {
        const packet = decodeSessionless20(decodeRmcp(received).body);
        if (packet.payloadType !== step.receive) throw new Malformed(`${step.name}: payload ${packet.payloadType}`);
        const message = step.answer(packet.payload);
        return step.isOurs(message) ? message : undefined;
      },
      timeoutMs: step.timeoutMs ?? this.#options.timeoutMs,
      signal: this.#options.signal,
    });
  }
}

function refused(step: string, status: number, beforeName = false): HandshakeRefused {
  const { text, meaning } = describeRakpStatus(status);
  return new HandshakeRefused(meaning, `${step}: ${text}`, beforeName);
}

/** BMCs that refuse may leave the id out. */
function isFor(expected: number, found: number | undefined, status: number): boolean {
  return found === expected || (status !== rakpStatus.ok && (found === undefined || found === 0));
}

function sameBytes(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
