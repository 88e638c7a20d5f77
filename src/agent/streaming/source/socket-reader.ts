import { connect, type Socket } from 'node:net';

export interface SocketReaderOptions {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
  readonly bufferBytes: number;
}

/**
 * A TCP connection that reads only when it is asked to, into one buffer again and again: nothing is allocated for what comes,
 * and what the taker has no time for stays in the socket, where the sender feels it.
 */
export class SocketReader {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  /** What came and was not taken yet: at most one buffer, as reading pauses after each. */
  #ready: Uint8Array | undefined;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor({ host, port, signal, bufferBytes }: SocketReaderOptions) {
    // Of its own memory: a slice of Node's pool would be read into beside other data.
    const buffer = Buffer.allocUnsafeSlow(bufferBytes);
    const callback = (length: number): boolean => {
      this.#ready = buffer.subarray(0, length);
      this.#settle();
      return false;
    };
    this.#signal = signal;
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  write(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** The next bytes, undefined at the end. They are good until the next call. Throws what broke the connection. */
  async next(): Promise<Uint8Array | undefined> {
    for (let asked = false; ; asked = true) {
      this.#signal.throwIfAborted();
      const bytes = this.#ready;
      this.#ready = undefined;
      if (bytes !== undefined) return bytes;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!asked) this.#socket.resume();
      await woken;
    }
  }

  /** Makes `bytes`, which were read too far, the next ones. They have to be a part of what `next` gave last. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#ready = bytes;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#socket.destroy();
  }

  readonly #abort = (): void => {
    this.#end();
    this.#socket.destroy();
  };

  #end(error?: Error): void {
    this.#failure ??= error;
    this.#ended = true;
    this.#settle();
  }

  #settle(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
