import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, requireLinux } from '../process/identity.ts';
import type { ProcessStatus } from '../process/supervised.ts';
import { dialAddress } from './endpoint.ts';
import { type Layout, layoutOf } from './layout.ts';
import { probe } from './probe.ts';
import { type ControlPlaneState, readState } from './state.ts';

/** Where a control plane stands, as seen from outside, with the record checked against what really runs. */
export interface ControlPlaneStatus {
  readonly directory: string;
  /** True when all processes are ready under a living supervisor and the API server says so itself. */
  readonly healthy: boolean;
  /** One sentence: `ok`, or what is wrong and what to do. */
  readonly health: string;
  /** `https://host:port`, when there ever was one. */
  readonly endpoint?: string;
  readonly kubeconfig: string;
  /** Version of the running API server, with the `v`. */
  readonly version?: string;
  /** The supervisor first, then the processes in the order of starting. Those that are gone have no pid. */
  readonly processes: readonly ProcessRow[];
}

export interface ProcessRow {
  readonly name: string;
  readonly state: ProcessStatus['state'] | 'running' | 'gone';
  readonly pid?: number;
  readonly restarts: number;
  /** RFC 3339 time since which it is in `state`. */
  readonly since: string;
  readonly lastExit?: string;
}

/** Looks at the control plane of a folder. Throws `NOT_LINUX`. */
export async function controlPlaneStatus(directory: string): Promise<ControlPlaneStatus> {
  requireLinux();
  const layout = layoutOf(directory);
  const state = readState(layout.state);
  const base = { directory, kubeconfig: layout.kubeconfig };
  if (state === undefined) {
    return { ...base, healthy: false, health: `nothing has been started in ${directory}`, processes: [] };
  }
  const processes = processRows(state);
  const live = processes.some((row) => row.name === 'kube-apiserver' && row.pid !== undefined);
  const [answer, version] = live ? await Promise.all([askReady(layout, state), askVersion(layout, state)]) : [];
  const health = judgeHealth(state.phase, processes, answer);
  return {
    ...base,
    healthy: health === 'ok',
    health,
    endpoint: state.server,
    ...(version === undefined ? {} : { version }),
    processes,
  };
}

/** The record against reality: a pid that is no longer that process is reported as gone. */
export function processRows(state: ControlPlaneState, alive = isAlive): ProcessRow[] {
  const supervisorAlive = alive(state.supervisor);
  const supervisor: ProcessRow = {
    name: 'supervisor',
    state: supervisorAlive ? 'running' : state.phase === 'stopped' ? 'stopped' : 'gone',
    ...(supervisorAlive ? { pid: state.supervisor.pid } : {}),
    restarts: 0,
    since: state.since,
  };
  const rows = state.processes.map(({ identity, ...rest }): ProcessRow => {
    if (identity === undefined) return rest;
    return alive(identity) ? { ...rest, pid: identity.pid } : { ...rest, state: 'gone' };
  });
  return [supervisor, ...rows];
}

/** `ok`, or the first thing that is wrong. `answer` is what the API server says to /readyz, if it was asked. */
export function judgeHealth(phase: ControlPlaneState['phase'], rows: readonly ProcessRow[], answer?: string): string {
  const supervised = rows[0]?.pid !== undefined;
  if (!supervised) {
    const left = rows.filter((row) => row.pid !== undefined).map((row) => row.name);
    if (left.length > 0)
      return `the supervisor is gone, ${left.join(', ')} left behind: run up to recover, down to end`;
    return phase === 'stopped' ? 'stopped' : 'not running: its supervisor was ended before it could stop it in order';
  }
  if (phase !== 'ready') return phase;
  const notReady = rows.find((row, index) => index > 0 && row.state !== 'ready');
  if (notReady !== undefined) {
    const why = notReady.lastExit === undefined ? '' : ` (${notReady.lastExit})`;
    return `${notReady.name} is ${notReady.state}${why}`;
  }
  return answer === 'ok' ? 'ok' : `the API server does not answer /readyz with ok: ${answer ?? 'not asked'}`;
}

async function askReady(layout: Layout, state: ControlPlaneState): Promise<string> {
  return (await probe({ ...target(layout, state), path: '/readyz' })).body;
}

async function askVersion(layout: Layout, state: ControlPlaneState): Promise<string | undefined> {
  const { status, body } = await probe({ ...target(layout, state), path: '/version', ...admin(layout) });
  if (status !== 200) return undefined;
  return (JSON.parse(body) as { gitVersion?: string }).gitVersion;
}

function target(layout: Layout, state: ControlPlaneState): { host: string; port: number; ca: string } {
  return { host: dialAddress(state.listenAddress), port: state.port, ca: readPki(layout, 'ca.crt') };
}

function admin(layout: Layout): { cert: string; key: string } {
  return { cert: readPki(layout, 'admin.crt'), key: readPki(layout, 'admin.key') };
}

function readPki(layout: Layout, file: string): string {
  return readFileSync(join(layout.pki, file), 'utf8');
}
