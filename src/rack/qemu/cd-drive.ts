import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cdDrive } from './arguments.ts';
import type { QmpClient } from './qmp/client.ts';

/** Brings what a URL names into a file. Rejects when that cannot be. */
export type MediumLoader = (url: string, file: string, signal: AbortSignal) => Promise<void>;

/**
 * The virtual CD drive of a machine: a BMC reads the image over the network while the machine does; here it is fetched
 * first. What cannot be fetched is not in the drive.
 */
export class CdDrive {
  readonly #directory: string;
  readonly #load: MediumLoader;
  readonly #onFailure: (url: string, error: unknown) => void;
  #url: string | undefined;
  #loading = new AbortController();
  #file: Promise<string | undefined> = Promise.resolve(undefined);
  #count = 0;

  constructor(directory: string, load: MediumLoader, onFailure: (url: string, error: unknown) => void) {
    this.#directory = directory;
    this.#load = load;
    this.#onFailure = onFailure;
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** The file of the image, once it is there; `undefined` when the drive is empty. Never rejects. */
  get file(): Promise<string | undefined> {
    return this.#file;
  }

  /** Takes out what is in it, and begins to fetch what comes next. */
  change(url: string | undefined): void {
    this.#loading.abort();
    this.#loading = new AbortController();
    this.#url = url;
    this.#file = this.#next(this.#file, url, this.#loading.signal);
  }

  /** Lets a running machine see what is in the drive now. @throws QmpError */
  async show(qmp: Pick<QmpClient, 'execute'>): Promise<void> {
    const file = await this.#file;
    if (file === undefined) await qmp.execute('eject', { id: cdDrive, force: true });
    else await qmp.execute('blockdev-change-medium', { id: cdDrive, filename: file, format: 'raw', force: true });
  }

  /** Stops fetching, and removes what was fetched. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.change(undefined);
    await this.#file;
  }

  async #next(before: Promise<string | undefined>, url: string | undefined, signal: AbortSignal) {
    const old = await before;
    if (old !== undefined) await rm(old, { force: true });
    if (url === undefined || signal.aborted) return undefined;
    const file = join(this.#directory, `medium-${++this.#count}.iso`);
    try {
      await this.#load(url, file, signal);
      return file;
    } catch (error) {
      await rm(file, { force: true });
      if (signal.aborted) return undefined;
      this.#url = undefined;
      this.#onFailure(url, error);
      return undefined;
    }
  }
}
