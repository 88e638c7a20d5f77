import { endProcesses } from '../process/end.ts';
import { lockHolder } from '../process/file-lock.ts';
import { isAlive, type ProcessIdentity, requireLinux, signalProcess } from '../process/identity.ts';
import { waitUntil } from '../process/wait-until.ts';
import { layoutOf } from './layout.ts';
import { livingSupervisor, survivingProcesses } from './recorded.ts';
import { readState, writeState } from './state.ts';

export interface DownOptions {
  directory: string;
  /** How long the supervisor may take to end everything in order; 45,000 ms if not given. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  now?: () => Date;
}

/**
 * Ends the control plane of a folder: exactly the processes on record, each checked by pid and start time. Data, keys and
 * kubeconfig stay. Returns the names of what was ended, nothing when nothing ran. Throws `NOT_LINUX`, `STOP_INCOMPLETE`.
 */
export async function endControlPlane(options: DownOptions): Promise<string[]> {
  const { directory, timeoutMs = 45_000, signal, now = () => new Date() } = options;
  requireLinux();
  const layout = layoutOf(directory);
  const before = readState(layout.state);
  // The lock tells the same even when the record was lost.
  const supervisor = livingSupervisor(before) ?? (await lockHolder(layout.lock));
  const running = before === undefined ? [] : survivingProcesses(before).map(({ name }) => name);
  if (supervisor !== undefined) await endSupervisor(supervisor, timeoutMs, signal);
  const after = readState(layout.state);
  const survivors = after === undefined ? [] : survivingProcesses(after);
  const ended = await endProcesses(survivors);
  // After a killed supervisor the record still says "ready".
  if (after !== undefined && after.phase !== 'stopped') {
    writeState(layout.state, { ...after, phase: 'stopped', since: now().toISOString(), processes: [] });
  }
  return [...new Set([...(supervisor === undefined ? [] : ['supervisor']), ...running, ...ended])];
}

/** Asks the supervisor to end everything; one that does not is killed, and what it leaves is ended by the caller. */
async function endSupervisor(identity: ProcessIdentity, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const gone = () => !isAlive(identity);
  signalProcess(identity, 'SIGTERM');
  if (await waitUntil(gone, { timeoutMs, signal })) return;
  await endProcesses([{ name: 'supervisor', identity }], { graceMs: 0 });
}
