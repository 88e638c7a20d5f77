import { mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { entryName, parseEntryName } from '../../process/file-lock.ts';
import { isAlive, ownIdentity } from '../../process/identity.ts';
import type { GoProduct } from './go-product.ts';
import { isExecutable } from './which.ts';

const unfinishedPrefix = '.building-';
let counter = 0;

/**
 * Finished builds of a product by build key. An entry appears by one rename of a complete folder: it is whole or it is not there.
 */
export class BuildCache {
  readonly directory: string;
  readonly #product: GoProduct;

  constructor(cacheDirectory: string, product: GoProduct) {
    this.directory = join(cacheDirectory, product.name);
    this.#product = product;
  }

  get lockFolder(): string {
    return join(this.directory, '.lock');
  }

  /** The folder of a finished build (it holds the product's binaries and links), or `undefined`. */
  async find(key: string): Promise<string | undefined> {
    const folder = join(this.directory, key);
    for (const binary of Object.keys(this.#product.binaries)) {
      if (!(await isExecutable(join(folder, binary)))) return undefined;
    }
    return folder;
  }

  /** A new empty folder to build in, on the same file system, named so that others can tell when its maker is dead. */
  async createUnfinished(): Promise<string> {
    counter += 1;
    const folder = join(this.directory, `${unfinishedPrefix}${entryName(ownIdentity(), counter)}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Turns a folder that holds the binaries into the entry for `key`. */
  async publish(key: string, unfinished: string): Promise<string> {
    for (const [link, binary] of Object.entries(this.#product.links)) await symlink(binary, join(unfinished, link));
    for (const binary of Object.keys(this.#product.binaries)) await flush(join(unfinished, binary));
    const folder = join(this.directory, key);
    // Only an entry that lacks a binary can be there: somebody else's finished one would have been found.
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    await flush(this.directory);
    return folder;
  }

  /** Removes what builders left that were killed. */
  async removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.directory)) {
      if (!name.startsWith(unfinishedPrefix)) continue;
      const maker = parseEntryName(name.slice(unfinishedPrefix.length));
      if (maker === undefined || !isAlive(maker))
        await rm(join(this.directory, name), { recursive: true, force: true });
    }
  }
}

/** After a power failure a renamed folder must not hold an empty file. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
