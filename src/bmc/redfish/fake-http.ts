import type { HttpAnswer, HttpRequest, HttpTransport } from './http/transport.ts';

/** What a scripted BMC answers: `json` is sent as such, `text` as it is. */
export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Thrown instead, as by a broken connection. */
  error?: unknown;
}

export type Script = (request: HttpRequest & { json: unknown }, count: number) => ScriptedAnswer | undefined;

/** A transport in memory whose answers a test writes; what it does not know is 404. */
export class FakeHttp implements HttpTransport {
  readonly origin = 'http://bmc.test';
  readonly requests: (HttpRequest & { json: unknown })[] = [];
  isClosed = false;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  /** The requests so far, as `PATCH /redfish/v1/Systems/1`. */
  get lines(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    const seen = { ...request, json: request.body === undefined ? undefined : (JSON.parse(request.body) as unknown) };
    this.requests.push(seen);
    const same = this.requests.filter(({ method, path }) => method === request.method && path === request.path);
    const answer = this.#script(seen, same.length) ?? { status: 404 };
    if (answer.error !== undefined) return Promise.reject(answer.error);
    const text = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
    return Promise.resolve({
      status: answer.status ?? 200,
      headers: answer.headers ?? {},
      body: Buffer.from(text),
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
