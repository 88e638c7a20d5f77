import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong in one answer. Positions count bytes of the body. */
export interface Fault {
  /** Closes the connection there, in order (`close`), by a reset (`reset`), or says nothing more (`stall`). */
  readonly end?: { readonly kind: 'close' | 'reset' | 'stall'; readonly at: number };
  readonly status?: number;
  readonly ignoreRange?: boolean;
  /** Answers with a range that starts here, whatever was asked for. */
  readonly wrongRangeStart?: number;
  /** Added to the true Content-Length, with the body as it is. */
  readonly lengthOff?: number;
  /** No Content-Length: chunks, or nothing but the end of the connection. */
  readonly framing?: 'chunked' | 'none';
  readonly etag?: string;
  /** Served in place of the content. */
  readonly content?: Uint8Array;
  readonly redirect?: string;
}

/** An HTTP server with one image that answers each request with the next of its faults, and well when they are used up. */
export class FaultServer {
  readonly #server: Server;
  readonly #content: Uint8Array;
  readonly #faults: Fault[];
  readonly requests: { range: string | undefined; authorization: string | undefined; path: string }[] = [];
  /** Called when an answer has come to the point where it stalls. */
  onStall: () => void = () => {};

  private constructor(content: Uint8Array, faults: readonly Fault[]) {
    this.#content = content;
    this.#faults = [...faults];
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(content: Uint8Array, faults: readonly Fault[] = []): Promise<FaultServer> {
    const server = new FaultServer(content, faults);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/image`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, authorization } = request.headers;
    this.requests.push({ range, authorization, path: request.url ?? '' });
    const fault = this.#faults.shift() ?? {};
    response.on('error', () => {});
    if (fault.redirect !== undefined) return void response.writeHead(302, { location: fault.redirect }).end();
    if (fault.status !== undefined) return void response.writeHead(fault.status).end('no');
    this.#serve(request, response, fault, fault.content ?? this.#content);
  }

  #serve(request: IncomingMessage, response: ServerResponse, fault: Fault, content: Uint8Array): void {
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = asked === null || fault.ignoreRange ? 0 : (fault.wrongRangeStart ?? Number(asked[1]));
    const body = content.subarray(start);
    const headers: Record<string, string | number> = { etag: fault.etag ?? '"one"' };
    const isPart = asked !== null && !fault.ignoreRange;
    if (isPart) headers['content-range'] = `bytes ${start}-${content.length - 1}/${content.length}`;
    if (fault.framing === undefined) headers['content-length'] = body.length + (fault.lengthOff ?? 0);
    if (fault.framing === 'none') response.useChunkedEncodingByDefault = false;
    if (fault.framing === 'none') headers['connection'] = 'close';
    response.writeHead(isPart ? 206 : 200, headers);
    const { end } = fault;
    if (end === undefined) {
      if ((fault.lengthOff ?? 0) > 0) response.write(body, () => response.socket?.end());
      else response.end(body);
      return;
    }
    // The socket is cut when the bytes before have left, so that faults happen where they were meant to.
    response.write(body.subarray(0, Math.max(1, end.at)), () => {
      if (end.kind === 'stall') this.onStall();
      else if (end.kind === 'reset') response.socket?.resetAndDestroy();
      else response.socket?.end();
    });
  }
}
