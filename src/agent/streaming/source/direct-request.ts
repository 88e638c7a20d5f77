import { type AnswerHead, parseAnswerHead } from './answer-head.ts';
import type { HttpAnswer } from './http-answer.ts';
import { SocketReader } from './socket-reader.ts';

export interface DirectRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** More than what servers send before a body, all of it read at once or nearly so. */
const maxHeadBytes = 65_536;

/** As much as pipes, sockets and a cache level take well; more made no difference (`bench/streaming.ts`). */
const bufferBytes = 512 * 1024;

/**
 * One GET over a connection of its own, for the bulk of an image. Clients of HTTP take new memory for every 64 KiB that come,
 * which costs five times the CPU of reading into one buffer again and again. Only what image servers do is understood: no TLS
 * (it costs more than is saved here), HTTP/1.1, a body with a Content-Length (none is read of an error). Undefined when the answer, or the question, is
 * of another kind: a client that knows all of HTTP has to ask then.
 */
export async function directRequest({ url, headers, signal }: DirectRequest): Promise<HttpAnswer | undefined> {
  const request = requestText(url, headers);
  if (request === undefined) return undefined;
  signal.throwIfAborted();
  // An address of IPv6 stands in brackets in a URL.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? 80 : Number(url.port);
  const reader = new SocketReader({ host, port, signal, bufferBytes });
  try {
    reader.write(request);
    const head = await readHead(reader);
    const isError = head !== undefined && head.status >= 300;
    if (isError || head?.bodyBytes !== undefined) return answer(head, reader);
  } catch (error) {
    reader.close();
    throw error;
  }
  reader.close();
  return undefined;
}

function requestText(url: URL, headers: Readonly<Record<string, string>>): string | undefined {
  if (url.protocol !== 'http:') return undefined;
  const lines = Object.entries({ host: url.host, connection: 'close', accept: '*/*', ...headers });
  if (lines.some(([name, value]) => !/^[a-z-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value))) return undefined;
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${head}\r\n`;
}

/** Up to the empty line; what follows it stays with `reader`. */
async function readHead(reader: SocketReader): Promise<AnswerHead | undefined> {
  let read = Buffer.alloc(0);
  for (;;) {
    const chunk = await reader.next();
    if (chunk === undefined) throw new Error('the server closed the connection without an answer');
    const before = read.length;
    read = Buffer.concat([read, chunk.subarray(0, maxHeadBytes - before)]);
    const end = read.indexOf('\r\n\r\n');
    if (end >= 0) {
      reader.putBack(chunk.subarray(end + 4 - before));
      return parseAnswerHead(read.toString('latin1', 0, end));
    }
    if (read.length === maxHeadBytes) return undefined;
  }
}

function answer({ status, headers, bodyBytes }: AnswerHead, reader: SocketReader): HttpAnswer {
  return {
    status,
    header: (name) => headers.get(name),
    body: body(reader, bodyBytes ?? 0),
    discard: () => reader.close(),
  };
}

/** Ends early when the connection does: whoever asked compares lengths, to go on where it broke. */
async function* body(reader: SocketReader, bodyBytes: number): AsyncGenerator<Uint8Array, void> {
  try {
    for (let left = bodyBytes; left > 0; ) {
      const chunk = await reader.next();
      if (chunk === undefined) return;
      yield chunk.subarray(0, left);
      left -= chunk.length;
    }
  } finally {
    reader.close();
  }
}
