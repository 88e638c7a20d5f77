import { decodeAsf, encodeAsf } from '../../../bmc/ipmi/codec/asf.ts';
import { decodeRequest, encodeResponse, type IpmiRequest } from '../../../bmc/ipmi/codec/message.ts';
import { Malformed } from '../../../bmc/ipmi/codec/reader.ts';
import { decodeRmcp, rmcpClass } from '../../../bmc/ipmi/codec/rmcp.ts';
import { decodeSessionless15, encodeSessionless15 } from '../../../bmc/ipmi/codec/session15.ts';
import {
  decodeSessionless20,
  decodeSessionPacket,
  encodeSessionless20,
  payloadType,
  rmcpPlus,
} from '../../../bmc/ipmi/codec/session20.ts';
import { commandCode } from '../../../bmc/ipmi/command/codes.ts';
import { completionCode } from '../../../bmc/ipmi/command/completion.ts';
import { encodeFru } from '../../../bmc/ipmi/fru/layout.ts';
import { BootOptions } from './command/boot-options.ts';
import type { CommandContext } from './command/handler.ts';
import { carryOut } from './command/table.ts';
import { settingsOf, type VirtualIpmiBmcOptions, type VirtualIpmiBmcSettings } from './options.ts';
import { Reception } from './reception.ts';
import { SessionTable } from './session-table.ts';

/** A BMC that speaks IPMI 2.0 in front of a machine: datagram in, datagram out. See `IpmiBmcServer` for the network. */
export class VirtualIpmiBmc implements Disposable {
  readonly sessions: SessionTable;
  readonly #settings: VirtualIpmiBmcSettings;
  readonly #reception: Reception;
  readonly #context: CommandContext;
  #commandsLeft: number;

  constructor(options: VirtualIpmiBmcOptions) {
    const settings = settingsOf(options);
    const { clock, sessionLimit, sessionTimeoutMs, namePlate } = settings;
    this.#settings = settings;
    this.sessions = new SessionTable({ clock, limit: sessionLimit, timeoutMs: sessionTimeoutMs });
    this.#reception = new Reception(settings, this.sessions);
    const { manufacturer, model, serialNumber } = namePlate;
    this.#context = {
      settings,
      sessions: this.sessions,
      bootOptions: new BootOptions(settings.chassis, clock),
      fru: encodeFru({
        // Every field that the definition names, in its order, empty or not: readers count on their places.
        chassis: ['', serialNumber],
        board: [manufacturer, model, serialNumber, '', ''],
        product: [manufacturer, model, '', '', serialNumber, '', ''],
      }),
    };
    this.#commandsLeft = settings.faults.forgetsSessionsAfter;
  }

  /** The answer to a datagram; `undefined` for silence, which garbage gets. Never throws. */
  receive(datagram: Buffer): Buffer | undefined {
    this.sessions.expire();
    try {
      const { class: kind, body } = decodeRmcp(datagram);
      if (kind === rmcpClass.asf) return this.#presence(body);
      return body[0] === rmcpPlus ? this.#receive20(body) : this.#receive15(body);
    } catch (error) {
      if (error instanceof Malformed) return undefined;
      throw error;
    }
  }

  /** Stops its timers. */
  [Symbol.dispose](): void {
    this.#context.bootOptions[Symbol.dispose]();
  }

  #presence(body: Buffer): Buffer | undefined {
    const message = decodeAsf(body);
    return message.type === 'ping' ? encodeAsf({ type: 'pong', tag: message.tag, ipmi: true }) : undefined;
  }

  #receive15(body: Buffer): Buffer {
    const request = decodeRequest(decodeSessionless15(body));
    return encodeSessionless15(encodeResponse(carryOut(request, this.#context)));
  }

  #receive20(body: Buffer): Buffer | undefined {
    if (this.#settings.quirks.onlyV15) return undefined;
    const { sessionId } = decodeSessionPacket(body);
    if (sessionId !== 0) return this.#receiveSealed(sessionId, body);
    const packet = decodeSessionless20(body);
    if (packet.payloadType === payloadType.ipmi) {
      const response = carryOut(decodeRequest(packet.payload), this.#context);
      return encodeSessionless20(payloadType.ipmi, encodeResponse(response));
    }
    const answer = this.#reception.receive(packet.payloadType, packet.payload);
    return answer && encodeSessionless20(answer.type, answer.payload);
  }

  #receiveSealed(sessionId: number, body: Buffer): Buffer | undefined {
    // Packets of a session that is over are dropped in silence (IPMI v2.0 §6.12.14).
    const session = this.sessions.active(sessionId);
    const content = session?.open(body);
    if (session === undefined || content === undefined || content.payloadType !== payloadType.ipmi) return undefined;
    this.sessions.heard(session);
    const request = decodeRequest(content.payload);
    const repeated = session.repeated(request);
    if (repeated !== undefined) return session.seal(repeated);
    if (this.#forgetsNow()) return undefined;
    const response = this.#isBusy(request)
      ? { ...request, netFn: request.netFn + 1, completionCode: completionCode.nodeBusy, data: Buffer.alloc(0) }
      : carryOut(request, { ...this.#context, session });
    session.remember(request, response);
    return session.seal(response);
  }

  /** Closing a session always works: what would a client do about it? */
  #isBusy({ netFn, command }: IpmiRequest): boolean {
    const { closeSession } = commandCode;
    if (netFn === closeSession.netFn && command === closeSession.code) return false;
    return this.#settings.dice?.chance(this.#settings.faults.busyChance) === true;
  }

  #forgetsNow(): boolean {
    const every = this.#settings.faults.forgetsSessionsAfter;
    if (every === 0) return false;
    this.#commandsLeft -= 1;
    if (this.#commandsLeft >= 0) return false;
    this.#commandsLeft = every;
    this.sessions.forgetAll();
    return true;
  }
}
