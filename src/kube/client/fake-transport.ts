import { PassThrough, Readable } from 'node:stream';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** One scripted answer. */
export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** A string goes out as it is, anything else as JSON; an async iterable streams. */
  body?: unknown;
}

export type FakeHandler = (request: TransportRequest) => FakeAnswer | Promise<FakeAnswer>;

/** A transport without a network: answers come from a function, requests are remembered. */
export class FakeTransport implements Transport {
  readonly requests: TransportRequest[] = [];
  readonly #handler: FakeHandler;

  constructor(handler: FakeHandler) {
    this.#handler = handler;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    request.signal.throwIfAborted();
    request.beforeSend?.();
    this.requests.push(request);
    const { status = 200, headers = {}, body = {} } = await this.#handler(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const stream = isStream(body) ? pump(body) : Readable.from([Buffer.from(text)]);
    request.signal.addEventListener('abort', () => stream.destroy(new Error('aborted')), { once: true });
    return { statusCode: status, headers, body: stream };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Answers in turn; more requests than answers fail. */
export function inTurn(...answers: FakeAnswer[]): FakeHandler {
  const rest = [...answers];
  return ({ method, path }) => {
    const answer = rest.shift();
    if (answer === undefined) throw new Error(`unexpected ${method} ${path}`);
    return answer;
  };
}

/** Unlike `Readable.from`, lets go of a source that never answers when it is destroyed. */
function pump(source: AsyncIterable<Uint8Array>): Readable {
  const stream = new PassThrough();
  void (async () => {
    try {
      for await (const chunk of source) stream.write(chunk);
      stream.end();
    } catch (error) {
      stream.destroy(error as Error);
    }
  })();
  return stream;
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
