import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface CommandOptions {
  cwd?: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Sees every line of standard output and error as it comes. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** The kernel kills it when this process is killed: for what works long, or in a folder that the next run clears. */
  endsWithUs?: boolean;
  /** How long an aborted command may take to clean up after SIGINT before SIGKILL; 5,000 ms if not given. */
  interruptGraceMs?: number;
}

export interface CommandResult {
  exitCode: number;
  stdout: string[];
  /** The last lines of both streams as they came, at most `keptLines`. */
  tail: string[];
}

const keptLines = 200;

/**
 * Runs a command to its end. When `signal` is aborted the whole process group is interrupted, and only when it is gone
 * the promise rejects with the signal's reason: nobody writes any more into what the caller is about to remove.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { signal, environment, cwd, onLine, endsWithUs = false, interruptGraceMs = 5_000 } = options;
  signal?.throwIfAborted();
  const [program, programArgs] = endsWithUs
    ? ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', '--', file, ...args]]
    : [file, args];
  // Its own process group: a Ctrl-C at the terminal reaches us only, and we decide what happens to the command.
  const child = spawn(program, programArgs, {
    detached: true,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let killTimer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    signalGroup(child, 'SIGINT');
    killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), interruptGraceMs);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  const stdout: string[] = [];
  const tail: string[] = [];
  const collect = (name: 'stdout' | 'stderr') => (line: string) => {
    if (name === 'stdout') stdout.push(line);
    tail.push(line);
    if (tail.length > keptLines) tail.shift();
    onLine?.(line, name);
  };
  try {
    const [exitCode] = await Promise.all([
      closed(child),
      readLines(child.stdout, collect('stdout')),
      readLines(child.stderr, collect('stderr')),
    ]);
    signal?.throwIfAborted();
    return { exitCode, stdout, tail };
  } finally {
    clearTimeout(killTimer);
    signal?.removeEventListener('abort', interrupt);
  }
}

function closed(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}
