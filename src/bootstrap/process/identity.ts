import { readFileSync } from 'node:fs';
import { CaptError } from '../../api/errors/capt-error.ts';

/** One process for certain: a pid alone is reused, so a pid from a file may belong to a stranger by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started: clock ticks since boot, and which boot. */
  readonly startedAt: string;
}

/**
 * The identity of the process that has `pid` now, or `undefined` when there is none. A zombie counts as none: it has
 * ended, only its parent has not looked yet.
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const ticks = parseStartTicks(stat);
  return ticks === undefined ? undefined : { pid, startedAt: `${ticks}-${bootId()}` };
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const identity = identifyProcess(process.pid);
  if (identity === undefined) throw new CaptError('NOT_LINUX', { platform: process.platform });
  return identity;
}

/** True while exactly this process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** Sends a signal to exactly this process; false when it has ended (whoever has its pid now is left alone). */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Throws `NOT_LINUX` where processes cannot be told apart. */
export function requireLinux(): void {
  ownIdentity();
}

/** Field 22 of `/proc/PID/stat`; the name in field 2 may itself hold blanks and parentheses. */
export function parseStartTicks(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  return fields[19];
}

let cachedBootId: string | undefined;

function bootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}
