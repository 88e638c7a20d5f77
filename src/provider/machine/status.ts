import type {
  TinkerbellMachine,
  TinkerbellMachineStatus,
} from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { Condition } from '../../api/meta/condition.ts';
import type { ObjectMeta } from '../../api/meta/object.ts';
import { type ConditionUpdate, setCondition } from '../../kube/objects/conditions.ts';
import type { Rest } from './step.ts';

/** What a reconciler that has come to rest says about an object. */
export interface Report {
  /** `Ready` and why; absent: nothing is known about it. */
  ready?: Rest['ready'];
  aspects: readonly Omit<ConditionUpdate, 'observedGeneration'>[];
  /** Why nothing may be done, while nothing may. */
  paused?: string;
}

/**
 * The conditions of an object with `report` in them, the very same list when there is no news. Aspects that it says
 * nothing about stay as they were; while paused nothing but that is said.
 */
export function conditionsWith(
  { metadata, status }: { metadata: ObjectMeta; status?: { conditions?: Condition[] | undefined } | undefined },
  { ready, aspects, paused }: Report,
  nowMs: number,
): Condition[] {
  const observed = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const pausing = {
    type: 'Paused',
    status: paused === undefined ? 'False' : 'True',
    reason: paused === undefined ? 'NotPaused' : 'Paused',
    message: paused ?? '',
  } as const;
  const said = ready === undefined ? [] : [{ type: 'Ready', ...ready }];
  const updates = paused === undefined ? [pausing, ...said, ...aspects] : [pausing];
  return updates.reduce<Condition[]>(
    (conditions, update) => setCondition(conditions, { ...update, ...observed }, nowMs),
    status?.conditions ?? [],
  );
}

/** The status that says how things stand with a machine. */
export function statusOf(machine: TinkerbellMachine, rest: Rest, nowMs: number): TinkerbellMachineStatus {
  const conditions = conditionsWith(machine, rest, nowMs);
  if (rest.paused !== undefined) return { ...machine.status, conditions };
  const { errorReason: _reason, errorMessage: _message, ...kept } = machine.status ?? {};
  return { ...kept, ...rest.status, conditions };
}
