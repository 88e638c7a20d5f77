import { spawn } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import type { Server } from 'node:net';
import { z } from 'zod';
import { CaptError, type ErrorDetails } from '../../api/errors/capt-error.ts';
import { type ErrorCode, errorTable } from '../../api/errors/table.ts';
import { directorySetting, fileFailure } from '../process/file-failure.ts';
import { lastLogLines, logSize, openLog, rotateLog } from '../process/log-file.ts';
import { layoutOf, logFileOf } from './layout.ts';

/** What a supervisor in the background tells the process that started it, once. */
const outcome = z.object({
  failure: z
    .object({
      code: z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(errorTable, code)),
      details: z.custom<ErrorDetails>((details) => typeof details === 'object'),
    })
    .exactOptional(),
});

type Outcome = z.infer<typeof outcome>;

/** What it may tell before that, any number of times. */
const progress = z.object({ progress: z.string() });

const handedOver = z.object({ server: z.string() });

export interface DetachOptions {
  directory: string;
  /** Program and arguments of the supervisor; it must call `reportOutcome`. */
  command: readonly string[];
  environment: NodeJS.ProcessEnv;
  /** Servers that listen here and are handed over, see `receiveServers`: a process on another network can have them too. */
  servers?: Readonly<Record<string, Server>>;
  /** Gets what the supervisor says by `reportProgress`. */
  onProgress?: (line: string) => void;
  /** Aborting ends the supervisor and, by it, all that was started. */
  signal?: AbortSignal | undefined;
}

/**
 * Starts a supervisor in the background, in a session of its own, and resolves with its pid when the control plane is
 * ready. Throws what the supervisor failed with, `SUPERVISOR_FAILED` when it died, or the signal's reason.
 */
export async function startDetached(options: DetachOptions): Promise<number> {
  const { directory, command, environment, servers = {}, onProgress, signal } = options;
  signal?.throwIfAborted();
  const logFile = openSupervisorLog(directory);
  const from = logSize(logFile.path);
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    env: environment,
    stdio: ['ignore', logFile.descriptor, logFile.descriptor, 'ipc'],
  });
  closeSync(logFile.descriptor);
  // Once it has arrived there it is closed here.
  for (const [server, handle] of Object.entries(servers)) child.send({ server }, handle, () => handle.close());
  const interrupt = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const result = await new Promise<Outcome | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.on('message', (message) => {
        const { data } = progress.safeParse(message);
        if (data === undefined) resolve(outcome.safeParse(message).data);
        else onProgress?.(data.progress);
      });
      child.once('exit', () => resolve(undefined));
    });
    const ready = result !== undefined && result.failure === undefined;
    if (ready && !signal?.aborted) return child.pid ?? 0;
    await exited(child);
    signal?.throwIfAborted();
    if (result?.failure !== undefined) throw new CaptError(result.failure.code, result.failure.details);
    const cause = lastLogLines(logFile.path, 8, from).join('\n') || 'its supervisor died without a word';
    throw new CaptError('SUPERVISOR_FAILED', { cause, logFile: logFile.path });
  } finally {
    signal?.removeEventListener('abort', interrupt);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

let isTold = false;

/**
 * Aborted when the starting process goes away before `reportOutcome`, by kill -9 for one: nobody knows then of what is being
 * started, so it has to end. Never without a starting process.
 */
export function starterGone(): AbortSignal {
  const gone = new AbortController();
  const end = () => {
    if (!isTold) gone.abort(new CaptError('INTERRUPTED'));
  };
  if (process.send !== undefined && !process.connected) end();
  else process.once('disconnect', end);
  return gone.signal;
}

/** Tells the starting process, if there is one, that the control plane is ready or why not. A bug is told by the log. */
export function reportOutcome(error?: unknown): void {
  isTold = true;
  if (process.send === undefined || !process.connected) return;
  if (error !== undefined && !(error instanceof CaptError)) return;
  const message: Outcome = error === undefined ? {} : { failure: { code: error.code, details: error.details } };
  process.send(message, () => {
    if (process.connected) process.disconnect();
  });
}

/** Tells the starting process, if there is one, how far the start is. */
export function reportProgress(line: string): void {
  if (process.send === undefined || !process.connected) return;
  process.send({ progress: line } satisfies z.infer<typeof progress>);
}

/** Receives the servers that the starting process hands over, by their names; waits until all of them are there. */
export function receiveServers(names: readonly string[], signal?: AbortSignal): Promise<Map<string, Server>> {
  const received = new Map<string, Server>();
  if (names.length === 0) return Promise.resolve(received);
  return new Promise((resolve, reject) => {
    const receive = (message: unknown, handle: unknown) => {
      const { data } = handedOver.safeParse(message);
      if (data === undefined || !names.includes(data.server)) return;
      received.set(data.server, handle as Server);
      if (received.size < names.length) return;
      process.off('message', receive);
      resolve(received);
    };
    process.on('message', receive);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function exited(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function openSupervisorLog(directory: string): { path: string; descriptor: number } {
  const layout = layoutOf(directory);
  const path = logFileOf(layout, 'supervisor');
  try {
    mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
    rotateLog(path);
    return { path, descriptor: openLog(path) };
  } catch (error) {
    throw fileFailure(error, directory, 'starting the control plane', directorySetting);
  }
}
