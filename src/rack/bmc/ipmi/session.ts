import type { IpmiRequest } from '../../../bmc/ipmi/codec/message.ts';
import { encodeResponse, type IpmiResponse } from '../../../bmc/ipmi/codec/message.ts';
import { privilegeLevel } from '../../../bmc/ipmi/codec/privilege.ts';
import { payloadType } from '../../../bmc/ipmi/codec/session20.ts';
import { SequenceWindow } from '../../../bmc/ipmi/crypto/sequence-window.ts';
import type { SealedContent, SessionKeys } from '../../../bmc/ipmi/crypto/session-keys.ts';
import type { IpmiUser } from './options.ts';

/** What a session is made of when its handshake is done. */
export interface SessionParts {
  consoleSessionId: number;
  bmcSessionId: number;
  keys: SessionKeys;
  user: IpmiUser;
  /** The highest level this session may have. */
  privilegeLimit: number;
}

/** An active session, seen from the BMC. */
export class Session {
  readonly bmcSessionId: number;
  readonly user: IpmiUser;
  readonly privilegeLimit: number;
  /** Level of the session now; it begins as `user` (IPMI v2.0 §22.18). */
  privilege: number;
  /** When something was heard of it last, on the BMC's monotonic clock. */
  lastHeardMs: number;
  readonly #consoleSessionId: number;
  readonly #keys: SessionKeys;
  readonly #received = new SequenceWindow();
  #sent = 0;
  #last: { request: IpmiRequest; response: IpmiResponse } | undefined;

  constructor(parts: SessionParts, nowMs: number) {
    this.bmcSessionId = parts.bmcSessionId;
    this.user = parts.user;
    this.privilegeLimit = parts.privilegeLimit;
    this.privilege = Math.min(parts.privilegeLimit, privilegeLevel.user);
    this.lastHeardMs = nowMs;
    this.#consoleSessionId = parts.consoleSessionId;
    this.#keys = parts.keys;
  }

  /** What a packet holds; `undefined` when this very packet came before. @throws Malformed when it is not the console's */
  open(body: Buffer): SealedContent | undefined {
    const content = this.#keys.open(body);
    return this.#received.accept(content.sequence) ? content : undefined;
  }

  /** The answer to the last request if this is a repetition of it: then nothing is done again. */
  repeated(request: IpmiRequest): IpmiResponse | undefined {
    const last = this.#last?.request;
    const isSame =
      last?.sequence === request.sequence &&
      last.netFn === request.netFn &&
      last.command === request.command &&
      last.data.equals(request.data);
    return isSame ? this.#last?.response : undefined;
  }

  remember(request: IpmiRequest, response: IpmiResponse): void {
    // A copy: the request is a view into a datagram.
    this.#last = { request: { ...request, data: Buffer.from(request.data) }, response };
  }

  /** A whole datagram. */
  seal(response: IpmiResponse): Buffer {
    this.#sent += 1;
    return this.#keys.seal({
      payloadType: payloadType.ipmi,
      sessionId: this.#consoleSessionId,
      sequence: this.#sent,
      payload: encodeResponse(response),
    });
  }
}
