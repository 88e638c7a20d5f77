import { CaptError } from '../../api/errors/capt-error.ts';
import { lastLogLines } from '../process/log-file.ts';
import { waitUntil } from '../process/wait-until.ts';
import { layoutOf, logFileOf } from './layout.ts';
import { livingSupervisor } from './recorded.ts';
import { type ControlPlaneState, readState } from './state.ts';

/**
 * The record of the control plane that a living supervisor runs in this folder, or `undefined` when none does. One that is
 * just being started by somebody else is waited for; throws `SUPERVISOR_FAILED` when that takes longer than `timeoutMs`.
 */
export async function findRunning(
  directory: string,
  { timeoutMs = 180_000, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<ControlPlaneState | undefined> {
  const layout = layoutOf(directory);
  const running = () => {
    const state = readState(layout.state);
    return livingSupervisor(state) === undefined || state?.phase === 'stopped' ? undefined : state;
  };
  const settled = () => [undefined, 'ready'].includes(running()?.phase);
  if (await waitUntil(settled, { timeoutMs, signal, intervalMs: 100 })) return running();
  const logFile = logFileOf(layout, 'supervisor');
  const cause = `the supervisor that runs already is "${running()?.phase}" for too long\n${lastLogLines(logFile, 8).join('\n')}`;
  throw new CaptError('SUPERVISOR_FAILED', { cause, logFile });
}
