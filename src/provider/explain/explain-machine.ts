import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { Condition } from '../../api/meta/condition.ts';
import { keyOf } from '../../kube/client/path.ts';
import { decideClaim, type Verdict } from '../claim/decide-claim.ts';
import type { Candidate } from '../claim/predicate.ts';

/** What a machine waits for, and for one without a host why each host is not its. */
export interface MachineExplanation {
  /** `namespace/name`. */
  machine: string;
  hardware: string | undefined;
  /** What it waits for, or that it waits for nothing. */
  ready: { status: string; reason: string; message: string; since: string | undefined };
  conditions: readonly Condition[];
  /** One a host, those that could be taken first; empty when the machine has a host. */
  hosts: readonly HostExplanation[];
}

export interface HostExplanation {
  hardware: string;
  /** Sum of the machine's wishes that it fulfils. */
  weight: number;
  /** Empty: it could be taken. */
  obstacles: Verdict['obstacles'];
}

/** Explains a machine from what is stored; asks nobody. */
export function explainMachine(machine: TinkerbellMachine, candidates: readonly Candidate[]): MachineExplanation {
  const { hardwareName } = machine.spec ?? {};
  const conditions = machine.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const paused = conditions.find(({ type, status }) => type === 'Paused' && status === 'True');
  const told = paused ?? ready;
  return {
    machine: keyOf(machine.metadata),
    hardware: hardwareName,
    ready: {
      status: told === undefined ? 'Unknown' : told === paused ? 'Paused' : told.status,
      reason: told?.reason ?? 'NotReported',
      message:
        told?.message ??
        'nobody has said anything of it yet, which takes 20 s: is capt serve running with the service provider?',
      since: told?.lastTransitionTime ?? machine.metadata.creationTimestamp ?? undefined,
    },
    conditions,
    hosts: hardwareName ? [] : hostsOf(machine, candidates),
  };
}

function hostsOf(machine: TinkerbellMachine, candidates: readonly Candidate[]): HostExplanation[] {
  return decideClaim(machine, candidates)
    .verdicts.map(({ hardware, obstacles, weight }) => ({ hardware: keyOf(hardware.metadata), obstacles, weight }))
    .sort(
      (a, b) => a.obstacles.length - b.obstacles.length || b.weight - a.weight || (a.hardware < b.hardware ? -1 : 1),
    );
}
