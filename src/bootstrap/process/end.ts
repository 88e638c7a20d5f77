import { CaptError } from '../../api/errors/capt-error.ts';
import { isAlive, type ProcessIdentity, signalProcess } from './identity.ts';
import { waitUntil } from './wait-until.ts';

export interface NamedProcess {
  readonly name: string;
  readonly identity: ProcessIdentity;
}

/**
 * Ends processes one after the other, in the given order: SIGTERM, `graceMs` of patience, SIGKILL. Returns the names of
 * those that were alive. Throws `STOP_INCOMPLETE` when one survives even SIGKILL for `killTimeoutMs`.
 */
export async function endProcesses(
  processes: readonly NamedProcess[],
  { graceMs = 10_000, killTimeoutMs = 5_000 }: { graceMs?: number; killTimeoutMs?: number } = {},
): Promise<string[]> {
  const ended: string[] = [];
  const stuck: NamedProcess[] = [];
  for (const each of processes) {
    if (!signalProcess(each.identity, 'SIGTERM')) continue;
    const gone = () => !isAlive(each.identity);
    if (!(await waitUntil(gone, { timeoutMs: graceMs }))) signalProcess(each.identity, 'SIGKILL');
    if (await waitUntil(gone, { timeoutMs: killTimeoutMs })) ended.push(each.name);
    else stuck.push(each);
  }
  if (stuck.length > 0) {
    throw new CaptError('STOP_INCOMPLETE', {
      processes: stuck.map((each) => `${each.name} (pid ${each.identity.pid})`).join(', '),
      pids: stuck.map((each) => each.identity.pid).join(','),
    });
  }
  return ended;
}
