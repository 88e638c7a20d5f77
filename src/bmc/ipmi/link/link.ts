import { decodeResponse, encodeRequest } from '../codec/message.ts';
import { Malformed } from '../codec/reader.ts';
import { decodeRmcp } from '../codec/rmcp.ts';
import { payloadType } from '../codec/session20.ts';
import type { Command } from '../command/command.ts';
import { closeSession } from '../command/session.ts';
import { SequenceWindow } from '../crypto/sequence-window.ts';
import type { SessionKeys } from '../crypto/session-keys.ts';
import { type Reply, readReply } from './reply.ts';
import type { Wire } from './wire.ts';

export interface LinkIds {
  /** What packets to us carry. */
  console: number;
  /** What packets to the BMC carry. */
  bmc: number;
}

export interface RequestOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /**
   * Repeat the very same packet, not just the same message. A BMC drops a session sequence number that it has seen
   * (IPMI v2.0 §6.12.13), and not all of them look at the message's own number: so the command is carried out at most
   * once, at the price that a lost answer stays lost.
   */
  atMostOnce?: boolean;
}

/** An established RMCP+ session: sealed requests and their answers, one at a time. */
export class Link {
  readonly #wire: Wire;
  readonly #keys: SessionKeys;
  readonly #ids: LinkIds;
  readonly #received = new SequenceWindow();
  /** Of packets; the first has number 1. */
  #sessionSequence = 0;
  /** Of messages, 0 to 63: the answer repeats it. */
  #requestSequence = 0;
  #lastAnswerMs: number;
  #lost = false;

  constructor(wire: Wire, keys: SessionKeys, ids: LinkIds) {
    this.#wire = wire;
    this.#keys = keys;
    this.#ids = ids;
    this.#lastAnswerMs = wire.clock.monotonic();
  }

  /** A request got no answer: the BMC is gone, or it has forgotten the session, which it drops packets of in silence. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Milliseconds since the BMC was last heard of. */
  get idleMs(): number {
    return this.#wire.clock.monotonic() - this.#lastAnswerMs;
  }

  /** @throws BmcError */
  async request<Answer>(command: Command<Answer>, options: RequestOptions): Promise<Answer> {
    this.#requestSequence = (this.#requestSequence + 1) % 64;
    const sequence = this.#requestSequence;
    const message = encodeRequest({ ...command, command: command.code, sequence });
    const first = this.#seal(message);
    let sent = 0;
    const reply = await this.#ask({
      name: command.name,
      datagram: () => (sent++ === 0 || options.atMostOnce ? first : this.#seal(message)),
      answer: (datagram) => this.#answer(datagram, command, sequence),
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
    return readReply(this.#wire, command, reply);
  }

  /** Gives the BMC its room for a session back. A session that is gone already is as good. */
  async close(timeoutMs: number): Promise<void> {
    try {
      await this.request(closeSession(this.#ids.bmc), { timeoutMs });
    } catch {
      // The BMC ends idle sessions itself after a minute.
    }
  }

  /** Like `close`, without waiting for what becomes of it. */
  abandon(): void {
    const command = closeSession(this.#ids.bmc);
    this.#wire.tell(this.#seal(encodeRequest({ ...command, command: command.code, sequence: 0 })));
  }

  async #ask(question: Parameters<Wire['ask']>[0] & { answer(datagram: Buffer): Reply | undefined }): Promise<Reply> {
    try {
      const reply = await this.#wire.ask<Reply>(question);
      this.#lastAnswerMs = this.#wire.clock.monotonic();
      this.#lost = false;
      return reply;
    } catch (error) {
      this.#lost = true;
      throw error;
    }
  }

  #seal(message: Buffer): Buffer {
    this.#sessionSequence += 1;
    return this.#keys.seal({
      payloadType: payloadType.ipmi,
      sessionId: this.#ids.bmc,
      sequence: this.#sessionSequence,
      payload: message,
    });
  }

  #answer(datagram: Buffer, command: Command<unknown>, sequence: number): Reply | undefined {
    const packet = this.#keys.open(decodeRmcp(datagram).body);
    if (packet.sessionId !== this.#ids.console || packet.payloadType !== payloadType.ipmi) {
      throw new Malformed('RMCP+ packet: of another session');
    }
    if (!this.#received.accept(packet.sequence)) return undefined;
    const response = decodeResponse(packet.payload);
    const isOurs =
      response.netFn === command.netFn + 1 && response.command === command.code && response.sequence === sequence;
    return isOurs ? response : undefined;
  }
}
