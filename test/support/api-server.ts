import { randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';

/** How to reach an API server as one user. */
export interface ApiServerCredentials {
  /** `https://host:port` */
  server: string;
  ca: string;
  cert: string;
  key: string;
}

/** What the server said. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** The bare API over HTTPS, for tests of what the server itself does with our kinds. */
export class ApiServer implements AsyncDisposable {
  readonly #server: string;
  readonly #agent: Agent;

  constructor({ server, ca, cert, key }: ApiServerCredentials) {
    this.#server = server;
    this.#agent = new Agent({ connect: { ca, cert, key } });
  }

  /** Any request; a body that is a string is YAML. Does not throw on refusals. */
  async send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    accept = 'application/json',
  ): Promise<ApiAnswer> {
    const answer = await request(this.#server + path, {
      method,
      dispatcher: this.#agent,
      headers: { accept, 'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  }

  /** A request that must succeed; throws with the server's message when it does not. */
  async expect<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    accept?: string,
  ): Promise<T> {
    const answer = await this.send(method, path, body, accept);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${messageOf(answer)}`);
    return answer.body as T;
  }

  /** Makes a namespace of its own for a suite and returns its name. */
  async makeNamespace(prefix: string): Promise<string> {
    const name = `${prefix}-${randomBytes(4).toString('hex')}`;
    await this.expect('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close();
  }
}

/** `message` of the Status object the server answers refusals with. */
export function messageOf({ body }: ApiAnswer): string {
  return (body as { message?: string }).message ?? JSON.stringify(body);
}
