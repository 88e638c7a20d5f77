import { createHash } from 'node:crypto';
import type { Folder, OpenFile } from './folder.ts';

interface Entry {
  readonly version: string;
  readonly digest: Promise<string | undefined>;
  /** Once it is computed. */
  known?: string;
}

/** More files than this are not remembered. */
const maxEntries = 10_000;

/**
 * SHA-256 of the files of a folder, each computed once: again only when the file has changed. One at a time, so that many
 * large files do not compete for the disk that machines read from.
 */
export class Digests {
  readonly #folder: Folder;
  readonly #entries = new Map<string, Entry>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Base64, if it is known for exactly this version; else it is begun to be computed. */
  known(path: string, version: string): string | undefined {
    const entry = this.#entry(path, version);
    return entry.known;
  }

  /** Base64; undefined when the file changed meanwhile or cannot be read. */
  get(path: string, version: string): Promise<string | undefined> {
    return this.#entry(path, version).digest;
  }

  #entry(path: string, version: string): Entry {
    const before = this.#entries.get(path);
    if (before?.version === version) return before;
    const entry: Entry = { version, digest: this.#compute(path, version) };
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    void entry.digest.then((digest) => {
      if (digest !== undefined) entry.known = digest;
      // Asked again, it is tried again.
      else if (this.#entries.get(path) === entry) this.#entries.delete(path);
    });
    return entry;
  }

  #compute(path: string, version: string): Promise<string | undefined> {
    const digest = this.#last.then(async () => {
      const file = await this.#folder.open(path);
      if (file === undefined) return undefined;
      const computed = await digestOf(file);
      const after = await this.#folder.open(path);
      await after?.close();
      return file.version === version && after?.version === version ? computed : undefined;
    });
    const settled = digest.catch(() => undefined);
    this.#last = settled;
    return settled;
  }
}

async function digestOf(file: OpenFile): Promise<string> {
  const hash = createHash('sha256');
  if (file.sizeBytes === 0) await file.close();
  else for await (const piece of file.read(0, file.sizeBytes - 1)) hash.update(piece as Buffer);
  return hash.digest('base64');
}
