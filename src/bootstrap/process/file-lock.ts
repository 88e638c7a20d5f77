import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './identity.ts';
import { pause } from './wait-until.ts';

/**
 * A lock between processes that needs no cleaning up: a folder in which everybody who holds or wants the lock has one
 * file, named by who they are. It belongs to whoever is alone among the living. Files of the dead are removed by
 * anybody, which is safe because no later process can have the same name. (A single lock file cannot be taken over from
 * a dead owner without a moment in which two believe to have it.)
 */
export interface FileLock extends AsyncDisposable {
  release(): Promise<void>;
}

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once when somebody else has the lock. */
  onWait?: (holder: ProcessIdentity) => void;
}

let counter = 0;

/**
 * Takes the lock if nobody has it, else returns who does. Two that come at the same instant step back before each other:
 * only who is still in the way after a few unequal pauses (half a second) has it.
 */
export async function tryLock(folder: string, attempts = 8): Promise<FileLock | ProcessIdentity> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await tryOnce(folder);
    if ('release' in result || attempt >= attempts) return result;
    await pause(20 + Math.random() * 80);
  }
}

async function tryOnce(folder: string): Promise<FileLock | ProcessIdentity> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  counter += 1;
  const own = entryName(ownIdentity(), counter);
  const release = () => rm(join(folder, own), { force: true });
  await writeFile(join(folder, own), '');
  try {
    const other = (await livingEntries(folder)).find((entry) => entry.name !== own);
    if (other === undefined) return { release, [Symbol.asyncDispose]: release };
    await release();
    return other.identity;
  } catch (error) {
    await release();
    throw error;
  }
}

/** Waits for the lock, for as long as its holder lives. Rejects with the signal's reason. */
export async function lock(folder: string, { signal, onWait }: LockOptions = {}): Promise<FileLock> {
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted();
    const result = await tryOnce(folder);
    if ('release' in result) return result;
    if (attempt === 0) onWait?.(result);
    // Two that came at the same instant both stepped back; unequal pauses let one of them in.
    await pause(50 + Math.random() * 150, signal);
  }
}

/** Whoever holds the lock (or is about to), or `undefined`. */
export async function lockHolder(folder: string): Promise<ProcessIdentity | undefined> {
  return (await livingEntries(folder))[0]?.identity;
}

interface LockEntry {
  name: string;
  identity: ProcessIdentity;
}

async function livingEntries(folder: string): Promise<LockEntry[]> {
  const living: LockEntry[] = [];
  for (const name of await namesIn(folder)) {
    const identity = parseEntryName(name);
    if (identity !== undefined && isAlive(identity)) living.push({ name, identity });
    else await rm(join(folder, name), { force: true });
  }
  return living;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `PID.STARTED-AT.N`: what an owner calls files and folders of its own, so that others can tell when it is dead. */
export function entryName(identity: ProcessIdentity, serial: number): string {
  return `${identity.pid}.${identity.startedAt}.${serial}`;
}

export function parseEntryName(name: string): ProcessIdentity | undefined {
  const match = /^(\d+)\.([\w-]+)\.\d+$/.exec(name);
  return match === null ? undefined : { pid: Number(match[1]), startedAt: match[2] ?? '' };
}
