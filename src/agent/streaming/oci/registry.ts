import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { httpRequest } from '../source/http-request.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type Descriptor, imageLayer, manifestTypes, parseManifest, platformManifest } from './manifest.ts';
import { type OciReference, parseReference } from './reference.ts';

export interface RegistryOptions {
  readonly reference: string;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `http` for registries without TLS. Default `https`. */
  readonly scheme?: 'http' | 'https';
  /** As Node names it. Default: of this machine. */
  readonly architecture?: string;
}

/** A layer, ready to be fetched. */
export interface OciLayer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const maxManifestBytes = 4 << 20;
const maxTokenBytes = 1 << 20;

/** Finds the layer that holds the disk image: index → manifest of this platform → layer by media type. */
export async function findLayer(options: RegistryOptions): Promise<OciLayer> {
  return await new Registry(options).layer();
}

class Registry {
  readonly #options: RegistryOptions;
  readonly #reference: OciReference;
  readonly #base: string;
  #authorization: Readonly<Record<string, string>> = {};

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#reference = parseReference(options.reference);
    const { host, repository } = this.#reference;
    this.#base = `${options.scheme ?? 'https'}://${host}/v2/${repository}`;
  }

  async layer(): Promise<OciLayer> {
    let manifest = await this.#manifest(this.#reference.tag);
    if (manifest.kind === 'index') {
      const platform = this.#found(platformManifest(manifest.manifests, this.#options.architecture ?? process.arch));
      manifest = await this.#manifest(platform.digest);
    }
    if (manifest.kind === 'index') throw this.#noLayer('an index names another index');
    const { digest, size } = this.#found(imageLayer(manifest.layers));
    const url = `${this.#base}/blobs/${digest}`;
    return { url, headers: this.#authorization, sizeBytes: size, sha256: digest.slice('sha256:'.length) };
  }

  async #manifest(tag: string) {
    const what = `manifest ${tag}`;
    const bytes = await this.#get(`${this.#base}/manifests/${tag}`, { accept: manifestTypes.join(', ') }, what);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (tag.startsWith('sha256:') && tag !== digest) throw this.#failed(what, `its digest is ${digest}`);
    try {
      return parseManifest(bytes);
    } catch (error) {
      throw this.#failed(what, messageOf(error));
    }
  }

  /** A GET that shows what the registry asks for, when it asks. */
  async #get(url: string, headers: Record<string, string>, what: string): Promise<Buffer> {
    for (let asked = false; ; asked = true) {
      const answer = await this.#request(url, { ...headers, ...this.#authorization }, what);
      if (answer.status === 200) return await this.#read(answer.body, maxManifestBytes, what);
      const challenge = parseChallenge(answer.header('www-authenticate'), this.#reference.repository);
      answer.discard();
      if (answer.status !== 401 || asked) throw this.#failed(what, `it answered ${answer.status}`, answer.status);
      if (challenge === undefined) throw this.#failed(what, 'it asks for an authentication that is not known');
      this.#authorization = await this.#answerTo(challenge);
    }
  }

  async #answerTo(challenge: Challenge): Promise<Readonly<Record<string, string>>> {
    const { username, password } = this.#options;
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    const basic: Record<string, string> = username ? { authorization: `Basic ${pair}` } : {};
    if (challenge.scheme === 'basic') {
      if (!username) throw this.#failed('access', 'it wants a user name and a password');
      return basic;
    }
    const answer = await this.#request(challenge.tokenUrl, basic, 'a token');
    if (answer.status !== 200) {
      answer.discard();
      throw this.#failed('a token', `it answered ${answer.status}`, answer.status);
    }
    const body = await this.#read(answer.body, maxTokenBytes, 'a token');
    return { authorization: `Bearer ${this.#token(body)}` };
  }

  #token(body: Buffer): string {
    let token: unknown;
    try {
      const value = JSON.parse(body.toString('utf8')) as { token?: unknown; access_token?: unknown } | null;
      token = value?.token ?? value?.access_token;
    } catch {
      token = undefined;
    }
    // Header characters only: what a server sends must not become other headers.
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
    throw this.#failed('a token', 'its answer holds none');
  }

  async #request(url: string, headers: Record<string, string>, what: string) {
    const { dispatcher, signal } = this.#options;
    try {
      return await httpRequest({ url, headers, dispatcher, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failed(what, messageOf(error), 503);
    }
  }

  async #read(body: AsyncIterable<Uint8Array>, limitBytes: number, what: string): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of body) {
        size += part.length;
        if (size > limitBytes) throw new Error(`its answer is longer than ${limitBytes} bytes`);
        parts.push(part);
      }
    } catch (error) {
      throw this.#failed(what, messageOf(error));
    }
    return Buffer.concat(parts);
  }

  #found(found: Descriptor | string): Descriptor {
    if (typeof found === 'string') throw this.#noLayer(found);
    return found;
  }

  #noLayer(cause: string): CaptError {
    return new CaptError('OCI_NO_LAYER', { reference: this.#options.reference, cause });
  }

  #failed(what: string, cause: string, status = 0): CaptError {
    const code = status >= 500 || status === 429 ? 'OCI_REGISTRY_UNAVAILABLE' : 'OCI_REGISTRY_FAILED';
    return new CaptError(code, { registry: this.#reference.host, what, cause });
  }
}
