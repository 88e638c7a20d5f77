import type { Clock } from '../../api/time/clock.ts';
import type { Agreement } from './negotiate.ts';
import { encodeOptionsAck, writeDataHeader } from './packet.ts';
import { Transfer } from './transfer.ts';

/** When to send again what was not acknowledged. */
export interface RetryOptions {
  /** First wait; each further one is twice as long. Default 1. */
  firstTimeoutSeconds: number;
  /** Longest wait. Default 10. */
  maxTimeoutSeconds: number;
  /** So often, then the client is given up. Default 5. */
  retries: number;
}

/** What a session needs of its surroundings. */
export interface SessionContext {
  clock: Clock;
  retry: RetryOptions;
  send(packet: Buffer): void;
  /** The client was silent after all retries. */
  givenUp(): void;
}

/** Sends one file to one client: packets of a `Transfer`, with timers. */
export class Session {
  readonly startedMs: number;
  readonly #content: Buffer;
  readonly #agreement: Agreement;
  readonly #transfer: Transfer;
  readonly #context: SessionContext;
  #deadlineMs = 0;
  #waitMs: number;
  /** In a row. */
  #silences = 0;
  #timeouts = 0;
  #proven = false;
  /** When the timer fires. */
  #timerMs = Number.POSITIVE_INFINITY;
  #cancelTimer: () => void = () => {};

  constructor(content: Buffer, agreement: Agreement, context: SessionContext) {
    this.#content = content;
    this.#agreement = agreement;
    this.#context = context;
    this.#transfer = new Transfer(content.length, { ...agreement, options: agreement.confirmed.length > 0 });
    this.#waitMs = this.#firstWaitMs;
    this.startedMs = context.clock.monotonic();
  }

  /** The client was heard of after its request, so its address is not made up. */
  get proven(): boolean {
    return this.#proven;
  }

  get timeouts(): number {
    return this.#timeouts;
  }

  /** Sends the first packet and begins to wait. */
  start(): void {
    this.#send();
    this.#expect();
  }

  /** The same request came again before anything was acknowledged: its answer got lost. */
  repeatStart(): void {
    this.#transfer.rewind();
    this.#send();
  }

  /** @returns true when the file has arrived */
  acknowledge(block: number): boolean {
    const more = this.#transfer.acknowledge(block);
    if (this.#transfer.done) return true;
    if (!more) return false;
    this.#proven = true;
    this.#silences = 0;
    this.#waitMs = this.#firstWaitMs;
    this.#send();
    this.#expect();
    return false;
  }

  stop(): void {
    this.#cancelTimer();
  }

  get #firstWaitMs(): number {
    return (this.#agreement.timeoutSeconds ?? this.#context.retry.firstTimeoutSeconds) * 1000;
  }

  #send(): void {
    const { confirmed, blockSizeBytes } = this.#agreement;
    if (this.#transfer.offering) {
      this.#context.send(encodeOptionsAck(confirmed));
      return;
    }
    for (let block = this.#transfer.next(); block > 0; block = this.#transfer.next()) {
      this.#context.send(dataPacket(this.#content, block, blockSizeBytes));
    }
  }

  /**
   * From now on the client has time. To set a timer anew for each packet would cost more than to look at the deadline
   * when an older one fires.
   */
  #expect(): void {
    this.#deadlineMs = this.#context.clock.monotonic() + this.#waitMs;
    if (this.#deadlineMs < this.#timerMs) this.#arm();
  }

  #arm(): void {
    this.#cancelTimer();
    this.#timerMs = this.#deadlineMs;
    const delayMs = this.#deadlineMs - this.#context.clock.monotonic();
    this.#cancelTimer = this.#context.clock.after(delayMs, () => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      if (this.#deadlineMs > this.#context.clock.monotonic()) this.#arm();
      else this.#timedOut();
    });
  }

  #timedOut(): void {
    const { retries, maxTimeoutSeconds } = this.#context.retry;
    if (this.#silences >= retries) {
      this.#context.givenUp();
      return;
    }
    this.#silences++;
    this.#timeouts++;
    // A client may ask for longer waits than ours.
    this.#waitMs = Math.min(this.#waitMs * 2, Math.max(maxTimeoutSeconds * 1000, this.#firstWaitMs));
    this.#transfer.rewind();
    this.#send();
    this.#expect();
  }
}

function dataPacket(content: Buffer, block: number, blockSizeBytes: number): Buffer {
  const from = (block - 1) * blockSizeBytes;
  const length = Math.max(0, Math.min(blockSizeBytes, content.length - from));
  const packet = Buffer.allocUnsafe(4 + length);
  writeDataHeader(packet, 0, block);
  content.copy(packet, 4, from, from + length);
  return packet;
}
