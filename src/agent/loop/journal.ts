import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { Finale } from '../actions/action.ts';
import type { ActionIdentity, ActionReport, HandedAction } from './workflow-server.ts';

/** What an agent has to know after it was ended and started again. */
export type Entry =
  /** RUNNING is being reported; nothing was done yet. */
  | { readonly phase: 'starting'; readonly action: HandedAction; readonly mark: string }
  /** It runs, and whoever reads this was interrupted. `mark` finds its processes. */
  | { readonly phase: 'running'; readonly action: ActionIdentity; readonly mark: string; readonly startMs: number }
  /** It has ended, which the server may not know yet. */
  | { readonly phase: 'ended'; readonly report: ActionReport; readonly finale?: Finale }
  /** The server knows; what ends the machine is due. */
  | { readonly phase: 'finale'; readonly finale: Finale };

interface Stored {
  readonly version: 1;
  /** Tells a restart of the machine from one of the agent. */
  readonly bootId: string;
  readonly entry: Entry;
}

/**
 * The one thing the agent is busy with, in a file that is replaced as a whole and reaches the disk before the agent goes on.
 * Only its owner may read it: while an action is starting it holds the environment of that action.
 */
export class Journal {
  readonly #path: string;
  readonly #bootId: string;

  private constructor(path: string, bootId: string) {
    this.#path = path;
    this.#bootId = bootId;
  }

  static async open(path: string, proc: string): Promise<Journal> {
    const bootId = await readFile(`${proc}/sys/kernel/random/boot_id`, 'utf8').catch(() => '');
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw unusable(path, cause);
    }
    return new Journal(path, bootId.trim());
  }

  /** What was left by the agent before this one. A file that says nothing is none; one that makes no sense is an error. */
  async read(): Promise<{ entry: Entry; machineRestarted: boolean } | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unusable(this.#path, cause);
    }
    const stored = parse(text);
    if (stored === undefined) throw unusable(this.#path, 'its content makes no sense');
    return { entry: stored.entry, machineRestarted: stored.bootId !== this.#bootId };
  }

  async write(entry: Entry): Promise<void> {
    const stored: Stored = { version: 1, bootId: this.#bootId, entry };
    const temporary = `${this.#path}.new`;
    try {
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(stored));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (cause) {
      throw unusable(this.#path, cause);
    }
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  /** Puts a file that makes no sense aside, for a person to look at. */
  async setAside(): Promise<void> {
    await rename(this.#path, `${this.#path}.broken`).catch(() => {});
  }
}

function parse(text: string): Stored | undefined {
  try {
    const value = JSON.parse(text) as Partial<Stored> | null;
    const { entry } = value ?? {};
    if (value?.version !== 1 || typeof value.bootId !== 'string') return undefined;
    switch (entry?.phase) {
      case 'starting':
        return isIdentity(entry.action) && typeof entry.action.image === 'string' ? (value as Stored) : undefined;
      case 'running':
        return isIdentity(entry.action) && typeof entry.mark === 'string' ? (value as Stored) : undefined;
      case 'ended':
        return isIdentity(entry.report?.action) ? (value as Stored) : undefined;
      case 'finale':
        return typeof entry.finale?.how === 'string' ? (value as Stored) : undefined;
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function isIdentity(action: ActionIdentity | undefined): boolean {
  const { workflowId, taskId, agentId, actionId, name } = action ?? {};
  return [workflowId, taskId, agentId, actionId, name].every((part) => typeof part === 'string');
}

function unusable(path: string, cause: unknown): CaptError {
  return new CaptError('AGENT_STATE_UNUSABLE', { path, cause: messageOf(cause) }, { cause });
}
