import { type Clock, systemClock } from '../../api/time/clock.ts';
import { publishTransfer, type TftpTransfer } from '../telemetry.ts';
import { negotiate, type TransferLimits } from './negotiate.ts';
import { toNetascii } from './netascii.ts';
import { type ClientPacket, decodePacket, encodeError, errorCodes, type ReadRequest } from './packet.ts';
import { type RetryOptions, Session } from './session.ts';

/** What there is to read. Nothing here comes from a disk: a name that is not known does not exist. */
export interface TftpFiles {
  /**
   * @param file as the client wrote it
   * @param address of the client
   * @returns the content; undefined when there is no such file for this client
   */
  find(file: string, address: string): Buffer | undefined;
}

export interface TftpServiceOptions extends Partial<TransferLimits>, Partial<RetryOptions> {
  files: TftpFiles;
  /** More are not begun; clients ask again. Default 4096. */
  maxTransfers?: number;
  clock?: Clock;
}

/** The address of a client: its transfer id (RFC 1350 section 4) is the port. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** The way to one client. */
export interface Line {
  send(packet: Buffer): void;
  /** No more is sent; called once. */
  close(): void;
}

type AckOrError = Exclude<ClientPacket, { type: 'read' | 'write' }>;

interface Running {
  readonly peer: Peer;
  readonly request: ReadRequest;
  readonly content: Buffer;
  readonly session: Session;
  readonly line: Line;
}

/** Larger requests would be refused by any network on the way; it bounds what one transfer may put on the way at once. */
const defaultLimits: TransferLimits = { maxBlockSizeBytes: 1468, maxWindowBlocks: 64 };
const defaultRetry: RetryOptions = { firstTimeoutSeconds: 1, maxTimeoutSeconds: 10, retries: 5 };

/**
 * Answers TFTP clients (RFC 1350, 2347, 2348, 2349, 7440), reading only. Knows nothing of sockets. A request costs its
 * sender no more than one packet until it proves, by an ACK, that its address is its own.
 */
export class TftpService {
  readonly #files: TftpFiles;
  readonly #limits: TransferLimits;
  readonly #retry: RetryOptions;
  readonly #maxTransfers: number;
  readonly #clock: Clock;
  /** By client; in order of their begin. */
  readonly #running = new Map<string, Running>();

  constructor(options: TftpServiceOptions) {
    const { files, maxTransfers = 4096, clock = systemClock } = options;
    this.#files = files;
    this.#limits = { ...defaultLimits, ...defined(options, defaultLimits) };
    this.#retry = { ...defaultRetry, ...defined(options, defaultRetry) };
    this.#maxTransfers = maxTransfers;
    this.#clock = clock;
  }

  /** How many transfers are under way. */
  get transfers(): number {
    return this.#running.size;
  }

  /**
   * Takes a datagram that came to the port of the service.
   * @param open makes the way back; asked at most once
   */
  received(datagram: Buffer, peer: Peer, open: () => Line): void {
    const packet = decodePacket(datagram);
    if (packet === undefined) return;
    if (packet.type === 'read') this.#begin(packet, peer, open);
    else if (packet.type === 'write') {
      this.#tell(peer, '', 'refused', { reason: 'writing' });
      answer(open(), encodeError(errorCodes.accessViolation, 'this server is for reading only'));
    } else this.#goOn(packet, peer, open);
  }

  /** Ends all transfers; clients are told, so that they do not wait for the rest. */
  stop(): void {
    for (const running of [...this.#running.values()]) {
      running.line.send(encodeError(errorCodes.undefined, 'the server stops, ask again'));
      this.#end(running, 'stopped');
    }
  }

  #begin(request: ReadRequest, peer: Peer, open: () => Line): void {
    const before = this.#running.get(keyOf(peer));
    if (before !== undefined && !before.session.proven && sameRequest(before.request, request)) {
      before.session.repeatStart();
      return;
    }
    // The client began anew, from the same port.
    if (before !== undefined) this.#end(before, 'replaced');
    const content = this.#contentOf(request, peer, open);
    if (content === undefined) return;
    if (this.#makeRoom()) this.#start(request, content, peer, open());
    // Without an answer the client asks again, when there may be room.
    else this.#tell(peer, request.file, 'refused', { reason: `${this.#maxTransfers} transfers are under way` });
  }

  /** @returns undefined when the request is answered with an error */
  #contentOf({ file, mode }: ReadRequest, peer: Peer, open: () => Line): Buffer | undefined {
    if (mode !== 'octet' && mode !== 'netascii') {
      this.#tell(peer, file, 'refused', { reason: `mode ${mode.slice(0, 20)}` });
      answer(open(), encodeError(errorCodes.illegalOperation, 'only the modes octet and netascii are served'));
      return undefined;
    }
    const found = this.#files.find(file, peer.address);
    if (found === undefined) {
      this.#tell(peer, file, 'not-found', {});
      answer(open(), encodeError(errorCodes.fileNotFound, 'file not found'));
      return undefined;
    }
    return mode === 'netascii' ? toNetascii(found) : found;
  }

  #start(request: ReadRequest, content: Buffer, peer: Peer, line: Line): void {
    const agreement = negotiate(request, this.#limits, content.length);
    const session = new Session(content, agreement, {
      clock: this.#clock,
      retry: this.#retry,
      send: (packet) => line.send(packet),
      givenUp: () => this.#end(running, 'given-up'),
    });
    const running = { peer, request, content, session, line };
    this.#running.set(keyOf(peer), running);
    session.start();
  }

  #goOn(packet: AckOrError, peer: Peer, open: () => Line): void {
    const running = this.#running.get(keyOf(peer));
    if (running === undefined) {
      // RFC 1350 section 4: told to whoever sends it. Errors are never answered: two servers could go on for ever.
      if (packet.type === 'ack') answer(open(), encodeError(errorCodes.unknownTransfer, 'unknown transfer ID'));
      // How boot programs learn a size: they ask for it and then end the transfer (code 0 or 8).
    } else if (packet.type === 'error') this.#end(running, 'ended-by-client', `${packet.code}: ${packet.message}`);
    else if (running.session.acknowledge(packet.block)) this.#end(running, 'sent');
  }

  /** Requests whose sender was never heard of again have to give way: whoever floods us sends nothing else. */
  #makeRoom(): boolean {
    if (this.#running.size < this.#maxTransfers) return true;
    for (const running of this.#running.values()) {
      if (running.session.proven) continue;
      this.#end(running, 'replaced');
      return true;
    }
    return false;
  }

  #end(running: Running, outcome: TftpTransfer['outcome'], reason?: string): void {
    const { peer, session, content, request, line } = running;
    session.stop();
    this.#running.delete(keyOf(peer));
    line.close();
    const seconds = (this.#clock.monotonic() - session.startedMs) / 1000;
    const figures = { seconds, sizeBytes: content.length, timeouts: session.timeouts };
    this.#tell(peer, request.file, outcome, { ...figures, ...(reason === undefined ? {} : { reason }) });
  }

  #tell(peer: Peer, file: string, outcome: TftpTransfer['outcome'], rest: Partial<TftpTransfer>): void {
    publishTransfer({ address: peer.address, file, outcome, sizeBytes: 0, seconds: 0, timeouts: 0, ...rest });
  }
}

function answer(line: Line, packet: Buffer): void {
  line.send(packet);
  line.close();
}

function keyOf({ address, port }: Peer): string {
  return `${address} ${port}`;
}

function sameRequest(a: ReadRequest, b: ReadRequest): boolean {
  return a.file === b.file && a.mode === b.mode && JSON.stringify(a.options) === JSON.stringify(b.options);
}

/** Those of `options` that `names` has and that are given. */
function defined<T extends object>(options: Partial<T>, names: T): Partial<T> {
  const given = Object.entries(options).filter(([name, value]) => name in names && value !== undefined);
  return Object.fromEntries(given) as Partial<T>;
}
