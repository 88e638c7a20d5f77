import { gzipSync } from 'node:zlib';
import type { HttpAnswer, HttpRequest, HttpTransport } from '../../src/bmc/redfish/http/transport.ts';
import type { Dice } from '../../src/rack/bmc/dice.ts';
import type { RedfishService } from '../../src/rack/bmc/redfish/service.ts';
import { anyValue, mutateDocument, pick } from './redfish-mutation.ts';

const statuses = [
  100, 200, 201, 202, 204, 206, 301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 412, 428, 429, 500, 501, 503,
];
const locations = [
  '/redfish/v1/',
  '//elsewhere.invalid/',
  'https://elsewhere.invalid/',
  '%',
  '',
  '/redfish/v1/TaskService/Tasks/1',
];
const headerValues = ['', '-1', '1e9', 'Thu, 01 Jan 1970 00:00:00 GMT', 'W/"x"', '"', '\u00ff', '0', '3', 'gzip'];
const codes = [
  'ECONNRESET',
  'UND_ERR_SOCKET',
  'HPE_INVALID_CONSTANT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'CERT_HAS_EXPIRED',
  '',
];

/** A BMC whose answers have been through a mill: the service's own, with changes at random. */
export class MalformingTransport implements HttpTransport {
  readonly origin = 'http://bmc.invalid';
  /** Answers given. */
  documents = 0;
  readonly #service: RedfishService;
  readonly #dice: Dice;
  /** How often an answer is spoilt. */
  readonly #chance: number;

  constructor(service: RedfishService, dice: Dice) {
    this.#service = service;
    this.#dice = dice;
    this.#chance = pick(dice, [0.02, 0.1, 0.3, 1]);
  }

  send({ method, path, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
    this.documents += 1;
    const dice = this.#dice;
    const request = {
      method,
      path: path.split('?')[0] ?? '/',
      headers,
      body: body === undefined ? {} : JSON.parse(body),
    };
    const answer = this.#service.answer(request);
    const intact = { status: answer.status, headers: answer.headers, body: encode(answer.json) };
    if (!dice.chance(this.#chance)) return Promise.resolve(intact);
    if (dice.chance(0.02)) return new Promise((_resolve, reject) => onAbort(signal, reject));
    if (dice.chance(0.04)) return Promise.reject(Object.assign(new Error('broken'), { code: pick(dice, codes) }));
    return Promise.resolve(this.#spoil(intact, answer.json));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #spoil(answer: HttpAnswer, json: unknown): HttpAnswer {
    const dice = this.#dice;
    const document = dice.chance(0.1) ? anyValue(dice) : mutateDocument(json ?? {}, dice);
    let body = encode(document);
    if (dice.chance(0.15)) body = this.#spoilBytes(body);
    const isPacked = dice.chance(0.05);
    return {
      status: dice.chance(0.15) ? pick(dice, statuses) : answer.status,
      headers: this.#spoilHeaders(isPacked ? { ...answer.headers, 'content-encoding': 'gzip' } : answer.headers),
      body: isPacked && dice.chance(0.7) ? gzipSync(body) : body,
    };
  }

  #spoilHeaders(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
    const dice = this.#dice;
    if (!dice.chance(0.2)) return headers;
    const name = pick(dice, ['location', 'etag', 'retry-after', 'x-auth-token', 'content-encoding', '__proto__']);
    const value = name === 'location' ? pick(dice, locations) : pick(dice, headerValues);
    return { ...headers, [name]: dice.chance(0.2) ? [value, value] : value };
  }

  #spoilBytes(body: Buffer): Buffer {
    const dice = this.#dice;
    const way = dice.below(3);
    if (way === 0) return body.subarray(0, dice.below(body.length + 1));
    if (way === 1) return Buffer.from(Array.from({ length: dice.below(64) }, () => dice.below(256)));
    const copy = Buffer.from(body);
    for (let i = 0; i < 3 && copy.length > 0; i++) copy[dice.below(copy.length)] = dice.below(256);
    return copy;
  }
}

function encode(json: unknown): Buffer {
  return json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
}

function onAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
}
