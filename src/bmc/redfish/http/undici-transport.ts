import type { Readable } from 'node:stream';
import { Agent } from 'undici';
import type { RedfishSettings } from '../options.ts';
import { connectOptions } from './tls.ts';
import { AnswerTooLarge, type HttpAnswer, type HttpRequest, type HttpTransport } from './transport.ts';

/** HTTP/1.1 on one connection: BMCs have little memory and do one thing at a time. */
export class UndiciTransport implements HttpTransport {
  readonly origin: string;
  readonly #agent: Agent;
  readonly #limitBytes: number;

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
      connect: connectOptions(settings),
    });
  }

  async send({ method, path, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#agent.request({
      origin: this.origin,
      method,
      path,
      headers,
      body: body ?? null,
      signal,
    });
    return { status: answer.statusCode, headers: answer.headers, body: await this.#read(answer.body) };
  }

  close(): Promise<void> {
    return this.#agent.destroy();
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
