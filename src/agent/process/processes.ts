import { spawn } from 'node:child_process';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { Clock } from '../../api/time/clock.ts';
import type { CommandOptions, CommandResult, RunningCommand, StartOptions } from '../actions/action.ts';
import { killAll, processMark } from './process-tree.ts';
import { Tail } from './tail.ts';

/** How long output is still read when a program has ended but others hold its output open. */
const lingerMs = 500;

export interface ProcessesOptions {
  readonly mark: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly proc: string;
  /** The environment they get besides the mark. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  readonly graceSeconds?: number;
}

/** The programs of one action: each in a process group of its own, all of them findable by their mark. */
export class Processes {
  readonly #options: ProcessesOptions;
  readonly #mountNamespaces = new Set<string>();

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  /** Everybody in this mount namespace (`mnt:[…]`) belongs to the action. */
  own(mountNamespace: string): void {
    this.#mountNamespaces.add(mountNamespace);
  }

  /** Runs a program to its end; when the action is stopped, it is killed with all it has started, and this throws. */
  async run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const { signal } = this.#options;
    const { accept = [0], onLine = this.#options.log, title = [command, ...args].join(' ') } = options;
    signal.throwIfAborted();
    const running = this.#spawn(command, args, options, { stdout: onLine, stderr: onLine });
    running.stdin.end(options.input ?? '');
    const stop = () => void this.end().catch(() => {});
    signal.addEventListener('abort', stop, { once: true });
    try {
      const result = await running.ended;
      signal.throwIfAborted();
      if (!accept.includes(result.exitCode)) throw failed(title, result);
      return result;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  start(command: string, args: readonly string[], options: StartOptions = {}): RunningCommand {
    this.#options.signal.throwIfAborted();
    return this.#spawn(command, args, options, { stderr: this.#options.log });
  }

  /** Ends whatever the action has left running. Throws `ACTION_PROCESSES_LEFT` when some cannot be killed. */
  async end(): Promise<void> {
    const { mark, clock, proc, graceSeconds } = this.#options;
    const belongs = { mark, mountNamespaces: this.#mountNamespaces };
    const left = await killAll(belongs, { clock, proc, ...(graceSeconds === undefined ? {} : { graceSeconds }) });
    if (left.length > 0) throw new CaptError('ACTION_PROCESSES_LEFT', { processes: left.join(', ') });
  }

  #spawn(
    command: string,
    args: readonly string[],
    { env, cwd }: StartOptions,
    lines: { stdout?: (line: string) => void; stderr: (line: string) => void },
  ): RunningCommand {
    const child = spawn(command, args, {
      detached: true,
      env: { ...this.#options.env, ...env, [processMark]: this.#options.mark },
      ...(cwd === undefined ? {} : { cwd }),
    });
    const stderr = new Tail(lines.stderr);
    child.stderr.on('data', (chunk: Buffer) => stderr.write(chunk));
    const stdout = lines.stdout === undefined ? undefined : new Tail(lines.stdout);
    if (stdout !== undefined) child.stdout.on('data', (chunk: Buffer) => stdout.write(chunk));
    // A program need not read its input; that it went away shows in its exit code.
    child.stdin.on('error', () => {});
    const ended = new Promise<CommandResult>((resolve, reject) => {
      child.once('error', (error) =>
        reject(new CaptError('ACTION_COMMAND_MISSING', { command, cause: messageOf(error) })),
      );
      const finish = (code: number | null, killedBy: NodeJS.Signals | null) => {
        stderr.end();
        stdout?.end();
        const texts = { stdout: stdout?.text ?? '', stderr: stderr.text };
        resolve({ exitCode: code ?? -1, killedBy: killedBy ?? undefined, ...texts });
      };
      child.once('close', finish);
      // A daemon that it left behind may hold its output open for ever.
      child.once('exit', (code, killedBy) => {
        if (stdout !== undefined) this.#options.clock.after(lingerMs, () => finish(code, killedBy));
      });
    });
    // Whoever never waits for it must not bring the agent down.
    ended.catch(() => {});
    const kill = async () => {
      killGroup(child.pid);
      await ended.catch(() => {});
    };
    return { pid: child.pid ?? 0, stdin: child.stdin, stdout: child.stdout, ended, kill };
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function failed(command: string, { exitCode, killedBy, stdout, stderr }: CommandResult): CaptError {
  const output = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join('; ').slice(-400);
  return new CaptError('ACTION_COMMAND_FAILED', {
    command: command.length > 200 ? `${command.slice(0, 200)}…` : command,
    how: killedBy === undefined ? `ended with exit code ${exitCode}` : `was killed by ${killedBy}`,
    output: output === '' ? '' : `: ${output}`,
  });
}
