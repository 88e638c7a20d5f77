import type { Clock } from '../../../api/time/clock.ts';
import { BmcError, type BmcErrorKind } from '../../bmc-error.ts';
import { Malformed } from '../codec/reader.ts';
import type { DatagramPort } from './datagram-port.ts';

/** One question to a BMC. */
export interface Question<Answer> {
  /** What is asked, for messages. */
  name: string;
  /** Called for the first datagram and for every repetition. */
  datagram(): Buffer;
  /** What the datagram answers, `undefined` when it is none; a `Malformed` one is none either. */
  answer(datagram: Buffer): Answer | undefined;
  /** Deadline in milliseconds, repetitions included. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface WireOptions {
  clock: Clock;
  /** First pause before a question is repeated, in milliseconds; each further one is twice as long, up to four times. */
  repeatAfterMs: number;
  /** Names the BMC in errors. */
  peer: string;
}

interface Pending {
  receive(datagram: Buffer): void;
  fail(error: BmcError): void;
}

/** The conversation with one BMC over datagrams that get lost, doubled and out of order. One question at a time. */
export class Wire {
  readonly #port: DatagramPort;
  readonly #options: WireOptions;
  #pending: Pending | undefined;

  constructor(port: DatagramPort, options: WireOptions) {
    this.#port = port;
    this.#options = options;
    port.listen({
      received: (datagram) => this.#pending?.receive(datagram),
      failed: (error) => this.#pending?.fail(this.error('unreachable', error.message, error)),
    });
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** @throws BmcError `unreachable` when no answer came in time or the signal was aborted; whatever `answer` throws */
  ask<Answer>(question: Question<Answer>): Promise<Answer> {
    const { name, signal, timeoutMs } = question;
    if (this.#pending !== undefined) throw new Error(`${name}: the answer to another question is still awaited`);
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#pending = undefined;
        cancelDeadline();
        cancelRepetition();
        signal?.removeEventListener('abort', abort);
      };
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const abort = () => fail(this.#aborted(name, signal));
      const receive = (datagram: Buffer) => {
        try {
          const answer = question.answer(datagram);
          if (answer === undefined) return;
          end();
          resolve(answer);
        } catch (error) {
          // Anybody can send garbage; only the silence after it counts.
          if (!(error instanceof Malformed)) fail(error);
        }
      };
      let cancelRepetition = () => {};
      const send = (pauseMs: number) => {
        cancelRepetition = this.clock.after(pauseMs, () =>
          send(Math.min(pauseMs * 2, 4 * this.#options.repeatAfterMs)),
        );
        this.#port.send(question.datagram());
      };
      const cancelDeadline = this.clock.after(timeoutMs, () =>
        fail(this.error('unreachable', `${name}: no answer within ${timeoutMs / 1000} s`)),
      );
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending = { receive, fail };
      send(this.#options.repeatAfterMs);
    });
  }

  /** Sends without waiting for anything. */
  tell(datagram: Buffer): void {
    this.#port.send(datagram);
  }

  /** An error that names the BMC. */
  error(kind: BmcErrorKind, text: string, cause?: unknown): BmcError {
    return new BmcError(kind, this.describe(text), { cause });
  }

  /** A text that names the BMC. */
  describe(text: string): string {
    return `${this.#options.peer}: ${text}`;
  }

  close(): void {
    this.#port.close();
  }

  #aborted(name: string, signal: AbortSignal | undefined): BmcError {
    const reason: unknown = signal?.reason;
    const why = reason instanceof Error ? reason.message : String(reason);
    return this.error('unreachable', `${name}: given up: ${why}`, reason);
  }
}
