import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Clock, sleep } from '../../api/time/clock.ts';

/** Variable in the environment of everything an action starts; it survives `setsid`, double forks and reparenting. */
export const processMark = 'CAPT_ACTION_MARK';

export interface Belongs {
  /** Value of `processMark`. */
  readonly mark?: string;
  /** Mount namespaces (`mnt:[4026531841]`) that are the action's own: who lives there may have cleared its environment. */
  readonly mountNamespaces?: ReadonlySet<string>;
}

/**
 * Ids of all processes that belong, and of all that descend from them. Reads `/proc`, which has threads of the kernel and
 * processes that end meanwhile: what cannot be read does not belong.
 */
export async function processesOf(belongs: Belongs, proc: string): Promise<number[]> {
  const names = await readdir(proc);
  const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => look(proc, name, belongs)));
  const seen = all.filter((process) => process !== undefined);
  const ours = new Set(seen.filter(({ own }) => own).map(({ pid }) => pid));
  for (let grown = true; grown; ) {
    const children = seen.filter(({ pid, parent }) => !ours.has(pid) && ours.has(parent));
    for (const { pid } of children) ours.add(pid);
    grown = children.length > 0;
  }
  ours.delete(process.pid);
  return seen.filter(({ pid, zombie }) => ours.has(pid) && !zombie).map(({ pid }) => pid);
}

async function look(proc: string, name: string, { mark, mountNamespaces }: Belongs) {
  const folder = `${proc}/${name}`;
  const stat = await readFile(`${folder}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program stands in parentheses and may hold anything, parentheses too.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const environment = mark === undefined ? '' : await readFile(`${folder}/environ`, 'latin1').catch(() => '');
  const marked = mark !== undefined && environment.split('\0').includes(`${processMark}=${mark}`);
  const own = marked || (mountNamespaces?.size ? mountNamespaces.has(await mountNamespaceOf(folder)) : false);
  return { pid: Number(name), parent: Number(parent), zombie: state === 'Z' || state === 'X', own };
}

async function mountNamespaceOf(folder: string): Promise<string> {
  return await readlink(`${folder}/ns/mnt`).catch(() => '');
}

export interface KillOptions {
  readonly clock: Clock;
  readonly proc: string;
  /** Time between SIGTERM and SIGKILL. Default 2. */
  readonly graceSeconds?: number;
  /** How long to go on with SIGKILL until giving up on what does not die. Default 10. */
  readonly giveUpSeconds?: number;
}

/**
 * Ends everything that belongs: first with SIGTERM, then with SIGKILL as often as new ones appear.
 * @returns ids of what could not be killed (it waits in the kernel for a device)
 */
export async function killAll(belongs: Belongs, options: KillOptions): Promise<number[]> {
  const { clock, proc, graceSeconds = 2, giveUpSeconds = 10 } = options;
  let left = await processesOf(belongs, proc);
  if (graceSeconds > 0) {
    send(left, 'SIGTERM');
    const graceEnds = clock.monotonic() + graceSeconds * 1000;
    while (left.length > 0 && clock.monotonic() < graceEnds) {
      await sleep(clock, 20);
      left = await processesOf(belongs, proc);
    }
  }
  const giveUp = clock.monotonic() + giveUpSeconds * 1000;
  while (left.length > 0 && clock.monotonic() < giveUp) {
    send(left, 'SIGKILL');
    await sleep(clock, 20);
    left = await processesOf(belongs, proc);
  }
  return left;
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended.
    }
  }
}
