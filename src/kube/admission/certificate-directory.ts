import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { runtimeWarning } from '../telemetry/channels.ts';
import type { CertificatePair } from './certificate-authority.ts';

export interface CertificateDirectoryOptions {
  /** Where certificate and key are, as in a mounted Secret of type `kubernetes.io/tls`. */
  directory: string;
  /** Default `tls.crt`. */
  certFile?: string;
  /** Default `tls.key`. */
  keyFile?: string;
  /** The files are looked at so often even if nobody tells of a change. Default 10. */
  pollSeconds?: number;
  /** How long files may be at odds, while they are being written, before it is worth a warning. Default 1. */
  settleSeconds?: number;
  clock?: Clock;
}

/** What is wrong with the files, since when, and what of it was told. */
interface Trouble {
  text: string;
  sinceMs: number;
  told: string | undefined;
}

/**
 * A certificate that is renewed under way. Mounted Secrets change by swapping a symbolic link, other tools rewrite files
 * one after the other; either way a pair is taken when it fits together, and the old one is kept until then.
 */
export class CertificateDirectory {
  readonly #options: Required<CertificateDirectoryOptions>;
  #current: CertificatePair | undefined;
  /** The directory changed since it was last read, or while it was. */
  #nudged = false;
  #nudge: () => void = () => {};

  constructor(options: CertificateDirectoryOptions) {
    const { certFile = 'tls.crt', keyFile = 'tls.key', pollSeconds = 10, settleSeconds = 1 } = options;
    this.#options = { clock: systemClock, ...options, certFile, keyFile, pollSeconds, settleSeconds };
  }

  /**
   * Reads the pair as it is now.
   * @throws CaptError SERVING_CERTIFICATE_UNUSABLE
   */
  async load(): Promise<CertificatePair> {
    const { directory, certFile, keyFile } = this.#options;
    try {
      this.#current = await this.#read();
      return this.#current;
    } catch (cause) {
      const files = `${join(directory, certFile)} and ${keyFile}`;
      throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', { files, cause: messageOf(cause) }, { cause });
    }
  }

  /** Tells about every new pair until `signal` aborts. Never rejects. */
  async follow(signal: AbortSignal, changed: (pair: CertificatePair) => void): Promise<void> {
    const { pollSeconds, settleSeconds } = this.#options;
    const watcher = this.#watch();
    let trouble: Trouble | undefined;
    while (!signal.aborted) {
      try {
        this.#take(await this.#read(), changed);
        trouble = undefined;
      } catch (error) {
        trouble = this.#weigh(error, trouble);
      }
      const settling = trouble !== undefined && trouble.told !== trouble.text;
      await this.#pause(settling ? settleSeconds : pollSeconds, signal);
    }
    watcher?.close();
  }

  #take(pair: CertificatePair, changed: (pair: CertificatePair) => void): void {
    if (pair.cert === this.#current?.cert && pair.key === this.#current.key) return;
    this.#current = pair;
    changed(pair);
  }

  /** Warns when files have been at odds for so long that nobody can be writing them any more; once for each way. */
  #weigh(error: unknown, before: Trouble | undefined): Trouble {
    const { clock, settleSeconds, directory } = this.#options;
    const text = messageOf(error);
    const sinceMs = before?.text === text ? before.sinceMs : clock.monotonic();
    const told = before?.told;
    if (told === text || clock.monotonic() - sinceMs < settleSeconds * 1000) return { text, sinceMs, told };
    runtimeWarning.publish({
      what: `the serving certificate in ${directory} cannot be used; the old one stays`,
      error,
    });
    return { text, sinceMs, told: text };
  }

  async #read(): Promise<CertificatePair> {
    const { directory, certFile, keyFile } = this.#options;
    const [cert, key] = await Promise.all([
      readFile(join(directory, certFile), 'utf8'),
      readFile(join(directory, keyFile), 'utf8'),
    ]);
    // A file that has just been truncated is empty, and TLS takes an empty certificate for none at all.
    if (cert.trim() === '' || key.trim() === '') throw new Error(`${cert.trim() === '' ? certFile : keyFile} is empty`);
    // Throws unless both can be read and belong together.
    createSecureContext({ cert, key });
    return { cert, key };
  }

  /** Being told is faster than asking, but not sure: directories go and come, and watches are limited. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#options.directory, () => {
        this.#nudged = true;
        this.#nudge();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  /** Ends after `seconds`, or when the directory changed, or when `signal` aborts. */
  #pause(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#nudged = false;
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#options.clock.after(seconds * 1000, end);
      signal.addEventListener('abort', end, { once: true });
      this.#nudge = end;
      if (this.#nudged || signal.aborted) end();
    });
  }
}
