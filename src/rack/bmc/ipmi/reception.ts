import { randomBytes, timingSafeEqual } from 'node:crypto';
import { decodeOpenSessionRequest, encodeOpenSessionResponse } from '../../../bmc/ipmi/codec/open-session.ts';
import { privilegeLevel } from '../../../bmc/ipmi/codec/privilege.ts';
import { decodeRakp1, decodeRakpProof, encodeRakp2, encodeRakpProof } from '../../../bmc/ipmi/codec/rakp.ts';
import { rakpStatus } from '../../../bmc/ipmi/codec/rakp-status.ts';
import { payloadType } from '../../../bmc/ipmi/codec/session20.ts';
import { type CipherSuite, cipherSuiteOf } from '../../../bmc/ipmi/crypto/cipher-suite.ts';
import {
  rakp2AuthCode,
  rakp3AuthCode,
  rakp4Check,
  sessionIntegrityKey,
  sessionKeys,
  userKey,
} from '../../../bmc/ipmi/crypto/handshake-hashes.ts';
import type { HalfSession } from './half-session.ts';
import type { VirtualIpmiBmcSettings } from './options.ts';
import type { SessionTable } from './session-table.ts';

const nothing: Buffer = Buffer.alloc(0);

/** The BMC's side of the handshake (IPMI v2.0 §13.15): payload in, payload out. */
export class Reception {
  readonly #settings: VirtualIpmiBmcSettings;
  readonly #sessions: SessionTable;

  constructor(settings: VirtualIpmiBmcSettings, sessions: SessionTable) {
    this.#settings = settings;
    this.#sessions = sessions;
  }

  /** Payload type and payload of the answer; `undefined` for silence. @throws Malformed */
  receive(type: number, payload: Buffer): { type: number; payload: Buffer } | undefined {
    const answer = this.#answer(type, payload);
    return answer === undefined ? undefined : { type: type + 1, payload: answer };
  }

  #answer(type: number, payload: Buffer): Buffer | undefined {
    switch (type) {
      case payloadType.openSessionRequest:
        return this.#openSession(payload);
      case payloadType.rakp1:
        return this.#rakp1(payload);
      case payloadType.rakp3:
        return this.#rakp3(payload);
      default:
        return undefined;
    }
  }

  #openSession(payload: Buffer): Buffer | undefined {
    const request = decodeOpenSessionRequest(payload);
    const { tag, consoleSessionId } = request;
    const suite = this.#offered(cipherSuiteOf(request.algorithms));
    if (suite === undefined) {
      if (this.#settings.quirks.silentOnUnknownSuite) return undefined;
      return this.#shorten(encodeOpenSessionResponse({ tag, status: rakpStatus.noMatchingSuite, consoleSessionId }));
    }
    if (this.#sessions.isFull) {
      const status = rakpStatus.insufficientResources;
      return this.#shorten(encodeOpenSessionResponse({ tag, status, consoleSessionId }));
    }
    const repeated = this.#sessions.findHalf((half) => isRepetition(half, payloadType.openSessionRequest, payload));
    if (repeated !== undefined) return repeated.answered.get(payloadType.openSessionRequest)?.answer;
    const bmcSessionId = this.#sessions.freshId();
    const answer = encodeOpenSessionResponse({
      tag,
      status: rakpStatus.ok,
      privilege: request.privilege || privilegeLevel.administrator,
      consoleSessionId,
      bmcSessionId,
      algorithms: suite.algorithms,
    });
    const bornMs = this.#settings.clock.monotonic();
    const half: HalfSession = { bmcSessionId, consoleSessionId, suite, bornMs, answered: new Map() };
    this.#sessions.begin(half);
    return remember(half, payloadType.openSessionRequest, payload, answer);
  }

  #rakp1(payload: Buffer): Buffer | undefined {
    const { tag, bmcSessionId, role, username, consoleRandom } = decodeRakp1(payload);
    const half = this.#sessions.half(bmcSessionId);
    const refuse = (status: number, consoleSessionId: number) =>
      this.#shorten(
        encodeRakp2({ tag, status, consoleSessionId, bmcRandom: nothing, guid: nothing, authCode: nothing }),
      );
    if (half === undefined) return refuse(rakpStatus.invalidSessionId, 0);
    const { consoleSessionId, suite } = half;
    if (isRepetition(half, payloadType.rakp1, payload)) return half.answered.get(payloadType.rakp1)?.answer;
    const user = this.#settings.users.find(({ name }) => username.equals(Buffer.from(name)));
    if (user === undefined || this.#settings.faults.refusesCredentials) {
      this.#sessions.close(bmcSessionId);
      return refuse(rakpStatus.unauthorizedName, consoleSessionId);
    }
    if ((role & 0x0f) > privilegeLevel[user.privilege ?? 'administrator']) {
      this.#sessions.close(bmcSessionId);
      return refuse(rakpStatus.unauthorizedRole, consoleSessionId);
    }
    const { guid } = this.#settings;
    // Copies: what was decoded are views into a datagram.
    const random = { consoleRandom: Buffer.from(consoleRandom), bmcRandom: randomBytes(16) };
    const facts = { ...random, suite, consoleSessionId, bmcSessionId, guid, role, username: Buffer.from(username) };
    half.challenge = { facts, user };
    const authCode = rakp2AuthCode(facts, userKey(user.password));
    const answer = encodeRakp2({ tag, status: rakpStatus.ok, ...facts, authCode });
    return remember(half, payloadType.rakp1, payload, answer);
  }

  #rakp3(payload: Buffer): Buffer | undefined {
    const proof = decodeRakpProof(payload);
    const half = this.#sessions.half(proof.sessionId);
    const reply = (status: number, sessionId: number, authCode = nothing) =>
      encodeRakpProof({ tag: proof.tag, status, sessionId, authCode });
    if (half?.challenge === undefined) return this.#shorten(reply(rakpStatus.inactiveSessionId, 0));
    if (isRepetition(half, payloadType.rakp3, payload)) return half.answered.get(payloadType.rakp3)?.answer;
    const { facts, user } = half.challenge;
    const { bmcSessionId, consoleSessionId, suite } = half;
    if (proof.status !== rakpStatus.ok) {
      this.#sessions.close(bmcSessionId);
      return undefined;
    }
    const key = userKey(user.password);
    const expected = rakp3AuthCode(facts, key);
    if (proof.authCode.length !== expected.length || !timingSafeEqual(proof.authCode, expected)) {
      this.#sessions.close(bmcSessionId);
      return this.#shorten(reply(rakpStatus.invalidIntegrityCheck, consoleSessionId));
    }
    if (this.#sessions.isFull) return this.#shorten(reply(rakpStatus.insufficientResources, consoleSessionId));
    const sessionKey = sessionIntegrityKey(facts, key);
    this.#sessions.activate({
      bmcSessionId,
      consoleSessionId,
      keys: sessionKeys(suite, sessionKey),
      user,
      privilegeLimit: facts.role & 0x0f || privilegeLevel[user.privilege ?? 'administrator'],
    });
    const answer = reply(rakpStatus.ok, consoleSessionId, rakp4Check(facts, sessionKey));
    return remember(half, payloadType.rakp3, payload, answer);
  }

  #offered(suite: CipherSuite | undefined): CipherSuite | undefined {
    return suite !== undefined && this.#settings.cipherSuites.includes(suite.id) ? suite : undefined;
  }

  #shorten(refusal: Buffer): Buffer {
    return this.#settings.quirks.shortRefusals ? refusal.subarray(0, 2) : refusal;
  }
}

function isRepetition(half: HalfSession, type: number, message: Buffer): boolean {
  return half.answered.get(type)?.message.equals(message) === true;
}

function remember(half: HalfSession, type: number, message: Buffer, answer: Buffer): Buffer {
  half.answered.set(type, { message: Buffer.from(message), answer });
  return answer;
}
