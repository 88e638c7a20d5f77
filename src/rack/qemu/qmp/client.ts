import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { type Clock, systemClock } from '../../../api/time/clock.ts';
import { encodeCommand, QmpDecoder, type QmpMessage } from './message.ts';

/** QEMU refused a command, said nothing for too long, or is gone. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
}

/** An event, such as `SHUTDOWN` with `{ guest: true, reason: 'guest-reset' }`. */
export interface QmpEvent {
  name: string;
  data: Record<string, unknown>;
}

export interface QmpClientOptions {
  /** How long an answer may take, in milliseconds. Default 30,000: emulation on a busy host is slow. */
  timeoutMs?: number;
  clock?: Clock;
  onEvent?: (event: QmpEvent) => void;
}

interface Waiting {
  command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  cancel(): void;
}

/** One conversation with the monitor of a QEMU process, over whatever streams lead there. */
export class QmpClient {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #onEvent: (event: QmpEvent) => void;
  readonly #decoder = new QmpDecoder();
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeted = new EventEmitter();
  #lastId = 0;
  #version: string | undefined;
  #end: QmpError | undefined;

  /** @param input what QEMU says; `output` is what it hears */
  constructor(input: Readable, output: Writable, options: QmpClientOptions = {}) {
    this.#input = input;
    this.#output = output;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#clock = options.clock ?? systemClock;
    this.#onEvent = options.onEvent ?? (() => undefined);
    input.on('data', (bytes: Buffer) => this.#hear(bytes));
    input.once('end', () => this.#finish('QEMU has ended'));
    input.once('close', () => this.#finish('QEMU has ended'));
    for (const stream of [input, output]) stream.on('error', (error) => this.#finish(error.message));
  }

  /** The version of QEMU, once it is ready for commands. @throws QmpError */
  async ready(): Promise<string> {
    const version = this.#version ?? (await this.#greeting());
    await this.execute('qmp_capabilities');
    return version;
  }

  /** What a command gives. @throws QmpError when QEMU refuses it, does not answer in time, or ends before */
  execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const id = ++this.#lastId;
      const cancel = this.#clock.after(this.#timeoutMs, () => {
        this.#waiting.delete(id);
        reject(new QmpError(`${command}: no answer within ${this.#timeoutMs / 1000} s`));
      });
      this.#waiting.set(id, { command, resolve, reject, cancel });
      this.#output.write(encodeCommand(id, command, args));
    });
  }

  #greeting(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const cancel = this.#clock.after(this.#timeoutMs, () =>
        settle(new QmpError(`QEMU did not say hello within ${this.#timeoutMs / 1000} s`)),
      );
      const settle = (outcome: string | QmpError) => {
        cancel();
        this.#greeted.removeAllListeners();
        if (typeof outcome === 'string') resolve(outcome);
        else reject(outcome);
      };
      this.#greeted.once('outcome', settle);
    });
  }

  #hear(bytes: Buffer): void {
    if (this.#end !== undefined) return;
    let messages: QmpMessage[];
    try {
      messages = this.#decoder.push(bytes);
    } catch (error) {
      this.#finish((error as Error).message);
      return;
    }
    for (const message of messages) this.#take(message);
  }

  #take(message: QmpMessage): void {
    if (message.kind === 'event') this.#onEvent({ name: message.name, data: message.data });
    else if (message.kind === 'greeting') {
      this.#version = message.version;
      this.#greeted.emit('outcome', message.version);
    } else this.#answer(message);
  }

  #answer(message: Extract<QmpMessage, { kind: 'return' | 'error' }>): void {
    const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
    // Nobody waits any more: it came too late.
    if (waiting === undefined || message.id === undefined) return;
    this.#waiting.delete(message.id);
    waiting.cancel();
    if (message.kind === 'return') waiting.resolve(message.value);
    else waiting.reject(new QmpError(`${waiting.command}: ${message.text} (${message.class})`));
  }

  #finish(reason: string): void {
    if (this.#end !== undefined) return;
    this.#end = new QmpError(`the monitor of QEMU cannot be used any more: ${reason}`);
    this.#greeted.emit('outcome', this.#end);
    for (const { cancel, reject } of this.#waiting.values()) {
      cancel();
      reject(this.#end);
    }
    this.#waiting.clear();
    this.#input.resume();
  }
}
