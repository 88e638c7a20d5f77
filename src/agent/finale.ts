import { writeFile } from 'node:fs/promises';
import { CaptError, messageOf } from '../api/errors/capt-error.ts';
import { type Clock, sleep } from '../api/time/clock.ts';
import type { Finale } from './actions/action.ts';
import { Processes } from './process/processes.ts';
import { agentEvent } from './telemetry.ts';

export interface FinaleOptions {
  readonly clock: Clock;
  /** Root of `/proc`. */
  readonly proc: string;
  readonly env: NodeJS.ProcessEnv;
  /** How long disks may take to be written out. Default 60. */
  readonly syncSeconds?: number;
  /** How long the machine may take to go. Default 60. */
  readonly goneSeconds?: number;
}

const programs: Record<Finale['how'], readonly [string, ...string[]]> = {
  kexec: ['kexec', '-e'],
  reboot: ['reboot', '-f'],
  poweroff: ['poweroff', '-f'],
};

/** What the kernel does by itself when the program for it is missing or fails. A kexec falls back to the firmware. */
const sysRq: Record<Finale['how'], string> = { kexec: 'b', reboot: 'b', poweroff: 'o' };

/** Ends the machine. Only returns when the machine is still there afterwards, and then by throwing. */
export async function endMachine(finale: Finale, signal: AbortSignal, options: FinaleOptions): Promise<void> {
  const { clock, proc, env, syncSeconds = 60, goneSeconds = 60 } = options;
  const processes = new Processes({
    mark: 'finale',
    // Once begun it is not taken back.
    signal: new AbortController().signal,
    clock,
    proc,
    env,
    log: (line) => agentEvent.publish({ level: 'info', what: line }),
  });
  // A disk that does not answer must not keep the machine from its reboot for ever.
  const sync = processes.run('sync', []).catch(() => {});
  await Promise.race([sync, sleep(clock, syncSeconds * 1000, signal)]);
  const [program, ...args] = programs[finale.how];
  try {
    await processes.run(program, args);
    await sleep(clock, goneSeconds * 1000, signal);
  } catch (error) {
    agentEvent.publish({ level: 'error', what: 'asking the kernel instead', fields: { reason: messageOf(error) } });
    await writeFile(`${proc}/sysrq-trigger`, sysRq[finale.how]);
    await sleep(clock, goneSeconds * 1000, signal);
  }
  if (!signal.aborted) throw new CaptError('ACTION_MACHINE_REMAINS', { how: finale.how, seconds: goneSeconds });
}
