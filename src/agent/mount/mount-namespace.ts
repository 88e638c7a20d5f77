import { mkdir, mkdtemp, readlink, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { ActionContext, CommandOptions, CommandResult, RunningCommand } from '../actions/action.ts';
import { untilFree } from './device.ts';

/**
 * Mounts that nobody else sees. They live in a mount namespace held by one small process whose input is a pipe of the
 * agent: when the agent dies, by whatever, the process ends and the kernel undoes the mounts. Files in it are reached
 * through `/proc/<pid>/root`.
 */
export class MountNamespace implements AsyncDisposable {
  /** Where the first file system belongs; a path that is the same inside and outside. */
  readonly root: string;
  readonly #context: ActionContext;
  readonly #holder: RunningCommand;
  readonly #mounted: { readonly device: string; readonly at: string }[] = [];
  #closed = false;

  private constructor(context: ActionContext, holder: RunningCommand, root: string) {
    this.#context = context;
    this.#holder = holder;
    this.root = root;
  }

  static async open(context: ActionContext): Promise<MountNamespace> {
    await mkdir(context.paths.run, { recursive: true });
    const root = await mkdtemp(join(context.paths.run, 'mnt-'));
    try {
      const holder = context.start('unshare', ['-m', 'sh', '-c', 'echo ready; exec cat >&2']);
      await Promise.race([once(holder), holder.ended.then(() => Promise.reject(new Error('unshare failed')))]);
      context.own(await readlink(`${context.paths.proc}/${holder.pid}/ns/mnt`));
      return new MountNamespace(context, holder, root);
    } catch (error) {
      await rmdir(root);
      throw error;
    }
  }

  /** Where the agent finds `path` of the namespace. */
  path(path: string): string {
    return `${this.#context.paths.proc}/${this.#holder.pid}/root${path}`;
  }

  /** Mounts a device. Throws `ACTION_MOUNT_FAILED`. */
  async mount(device: string, fsType: string, at: string, options?: string): Promise<void> {
    const flags = options === undefined ? [] : ['-o', options];
    await this.#mount(device, fsType, at, ['-t', fsType, ...flags, device, at]);
  }

  async bind(from: string, at: string): Promise<void> {
    await this.#mount(from, 'bind', at, ['--bind', from, at]);
  }

  /** Runs a program inside the namespace. */
  async run(command: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return await this.#context.run('nsenter', ['-t', String(this.#holder.pid), '-m', command, ...args], {
      title: [command, ...args].join(' '),
      ...options,
    });
  }

  /** Undoes the mounts, the last first; throws `ACTION_UNMOUNT_FAILED` when what was written may not have arrived. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const mounted = this.#mounted.toReversed();
    try {
      for (const { device, at } of mounted) {
        if (!this.#context.signal.aborted) await this.#unmount(device, at);
      }
    } finally {
      await this.#holder.kill();
      await rmdir(this.root).catch(() => {});
      // The kernel undoes what is left a moment after the last process of the namespace has gone.
      for (const { device } of mounted) await untilFree(this.#context, device);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #mount(device: string, fsType: string, at: string, args: string[]): Promise<void> {
    try {
      await this.run('mount', args);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      throw new CaptError('ACTION_MOUNT_FAILED', { device, fsType, cause: messageOf(error) }, { cause: error });
    }
    this.#mounted.push({ device, at });
  }

  async #unmount(device: string, at: string): Promise<void> {
    try {
      await this.run('umount', [at]);
    } catch (error) {
      if (this.#context.signal.aborted) return;
      throw new CaptError('ACTION_UNMOUNT_FAILED', { device, cause: messageOf(error) }, { cause: error });
    }
  }
}

/** Waits for the first output. */
async function once({ stdout }: RunningCommand): Promise<void> {
  await new Promise((resolve, reject) => stdout.once('data', resolve).once('error', reject));
  stdout.resume();
}
