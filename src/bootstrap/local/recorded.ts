import type { NamedProcess } from '../process/end.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';
import type { ControlPlaneState } from './state.ts';

/** The recorded processes that still live, in the order to stop them: without their supervisor nobody else will. */
export function survivingProcesses(state: ControlPlaneState): NamedProcess[] {
  return state.processes
    .toReversed()
    .flatMap(({ name, identity }) => (identity !== undefined && isAlive(identity) ? [{ name, identity }] : []));
}

/** The supervisor on record when it lives. */
export function livingSupervisor(state: ControlPlaneState | undefined): ProcessIdentity | undefined {
  return state !== undefined && isAlive(state.supervisor) ? state.supervisor : undefined;
}
