import { gunzipSync } from 'node:zlib';
import { at, type Json, objectOf, textAt } from '../json.ts';
import { pathOf } from '../link.ts';
import { messagesOf, type RedfishMessage } from '../message.ts';
import type { HttpAnswer } from './transport.ts';

const decoder = new TextDecoder('utf-8', { fatal: false });

/** What a BMC answered, decoded as far as it can be. */
export class Answer {
  readonly status: number;
  /** The JSON object in the body; empty when there is none. */
  readonly json: Json;
  /** Whether there was a body and it was no JSON object. */
  readonly isGarbled: boolean;
  readonly #headers: HttpAnswer['headers'];

  constructor(answer: HttpAnswer, limitBytes: number) {
    this.status = answer.status;
    this.#headers = answer.headers;
    const value = decode(answer.body, this.header('content-encoding'), limitBytes);
    this.json = objectOf(value);
    this.isGarbled = value !== undefined && this.json !== value;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The entity tag, which may be in the header or in the body (DSP0266 §7.7). */
  get etag(): string | undefined {
    return this.header('etag') ?? textAt(this.json, '@odata.etag');
  }

  /** Where `Location` leads on this BMC. */
  get location(): string | undefined {
    return pathOf(this.header('location'));
  }

  get messages(): RedfishMessage[] {
    return messagesOf(this.json);
  }

  header(name: string): string | undefined {
    const value = at(this.#headers, name);
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' && first !== '' ? first : undefined;
  }
}

/** `undefined` for an empty body, `null` for one that cannot be read. */
function decode(body: Uint8Array, encoding: string | undefined, limitBytes: number): unknown {
  if (body.length === 0) return undefined;
  try {
    // Some BMCs keep resources compressed and send them so, although nobody said that they may.
    const bytes = encoding?.toLowerCase() === 'gzip' ? gunzipSync(body, { maxOutputLength: limitBytes }) : body;
    const text = decoder.decode(bytes).trim();
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return null;
  }
}
