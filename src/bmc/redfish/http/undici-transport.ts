import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector } from 'undici';
import type { RedfishSettings } from '../options.ts';
import { connectOptions } from './tls.ts';
import { AnswerTooLarge, type HttpAnswer, type HttpRequest, type HttpTransport } from './transport.ts';

/** HTTP/1.1 on one connection: BMCs have little memory and do one thing at a time. */
export class UndiciTransport implements HttpTransport {
  readonly origin: string;
  readonly #agent: Agent;
  readonly #limitBytes: number;
  /** Not connected yet: neither an abort nor `destroy` of the agent ends those. */
  readonly #connecting = new Set<Socket>();

  constructor(origin: string, settings: RedfishSettings) {
    this.origin = origin;
    this.#limitBytes = settings.bodyLimitMebibytes * 2 ** 20;
    this.#agent = new Agent({
      connections: 1,
      pipelining: 1,
      allowH2: false,
      // Deadlines come from the signal of each request; these would only be second ones.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#connector(buildConnector(connectOptions(settings))),
    });
  }

  async send({ signal, body, ...request }: HttpRequest): Promise<HttpAnswer> {
    const abort = () => this.#endConnecting();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = await this.#agent.request({ ...request, origin: this.origin, body: body ?? null, signal });
      return { status: answer.statusCode, headers: answer.headers, body: await this.#read(answer.body) };
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Not waited for: nothing depends on when the last socket is gone. */
  close(): Promise<void> {
    this.#endConnecting();
    this.#agent.destroy().catch(() => undefined);
    return Promise.resolve();
  }

  #endConnecting(): void {
    for (const socket of this.#connecting) socket.destroy(new Error('called off'));
  }

  #connector(connect: buildConnector.connector): buildConnector.connector {
    return (options, callback) => {
      const socket: unknown = connect(options, (...result) => {
        if (socket !== undefined) this.#connecting.delete(socket as Socket);
        callback(...result);
      });
      if (socket !== undefined) this.#connecting.add(socket as Socket);
    };
  }

  async #read(body: Readable): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Leaving the loop by an exception destroys the body, and with it the connection.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.#limitBytes) throw new AnswerTooLarge(this.#limitBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, bytes);
  }
}
