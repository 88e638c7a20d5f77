import type { Condition } from '../../api/meta/condition.ts';
import { timestamp } from '../../api/time/timestamp.ts';

/** What a reconciler says about one aspect; the time of the transition is worked out. */
export interface ConditionUpdate {
  type: string;
  status: Condition['status'];
  reason: string;
  /** Cut when it is longer than the API allows (32,768 characters). */
  message?: string;
  /** `metadata.generation` of the object as it was looked at. */
  observedGeneration?: number;
}

/**
 * The list with `update` in it. The very same list when nothing changed, so that a reconciler without news writes
 * nothing; `lastTransitionTime` moves only when the status does.
 * @throws TypeError when type or reason are not what `metav1.Condition` allows
 */
export function setCondition(conditions: Condition[] | undefined, update: ConditionUpdate, nowMs: number): Condition[] {
  validate(update);
  const { type, status, reason, observedGeneration } = update;
  const old = getCondition(conditions, type);
  const next: Condition = {
    type,
    status,
    reason,
    message: cut(update.message ?? ''),
    lastTransitionTime: old !== undefined && old.status === status ? old.lastTransitionTime : timestamp(nowMs),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
  return putCondition(conditions ?? [], next);
}

/** The list without `type`; the very same list when it has none. */
export function removeCondition(conditions: Condition[], type: string): Condition[] {
  return getCondition(conditions, type) === undefined
    ? conditions
    : conditions.filter((condition) => condition.type !== type);
}

export function getCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return getCondition(conditions, type)?.status === 'True';
}

export function isFalse(conditions: readonly Condition[] | undefined, type: string): boolean {
  return getCondition(conditions, type)?.status === 'False';
}

/** Also true when there is no such condition: what nobody reported is not known. */
export function isUnknown(conditions: readonly Condition[] | undefined, type: string): boolean {
  return (getCondition(conditions, type)?.status ?? 'Unknown') === 'Unknown';
}

/** True when both say the same; the time of the transition is no part of that. */
export function sameState(a: Condition | undefined, b: Condition | undefined): boolean {
  return (
    a?.type === b?.type &&
    a?.status === b?.status &&
    a?.reason === b?.reason &&
    a?.message === b?.message &&
    a?.observedGeneration === b?.observedGeneration
  );
}

/** Puts a whole condition into its place; the very same list when it is there already. */
export function putCondition(conditions: Condition[], condition: Condition): Condition[] {
  const old = getCondition(conditions, condition.type);
  if (sameState(old, condition) && old?.lastTransitionTime === condition.lastTransitionTime) return conditions;
  const others = conditions.filter(({ type }) => type !== condition.type);
  return [...others, condition].sort(compareConditions);
}

const first = ['Available', 'Ready'];
const last = ['Paused', 'Deleting'];

/**
 * The order of Cluster API: what everybody looks for first, pausing and deletion last, the rest by name. A stable order
 * keeps lists written by different controllers from changing back and forth.
 */
export function compareConditions(a: Condition, b: Condition): number {
  const difference = rank(a.type) - rank(b.type);
  if (difference !== 0 || a.type === b.type) return difference;
  return a.type < b.type ? -1 : 1;
}

function rank(type: string): number {
  if (first.includes(type)) return first.indexOf(type) - first.length;
  return last.indexOf(type) + 1;
}

const maxMessageLength = 32_768;
const maxReasonLength = 1024;
const maxTypeLength = 316;
const reasonPattern = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const typePattern =
  /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

function validate({ type, reason }: ConditionUpdate): void {
  if (type.length > maxTypeLength || !typePattern.test(type)) {
    throw new TypeError(`${JSON.stringify(type)} cannot be a condition type: it must be a qualified name`);
  }
  if (reason.length > maxReasonLength || !reasonPattern.test(reason)) {
    throw new TypeError(
      `condition ${type}: ${JSON.stringify(reason)} cannot be a reason: it must be CamelCase, such as WaitingForAddress`,
    );
  }
}

function cut(message: string): string {
  if (message.length <= maxMessageLength) return message;
  const kept = message.slice(0, maxMessageLength - 1);
  // Half of a surrogate pair is no character.
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
