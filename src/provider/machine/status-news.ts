import type { TinkerbellMachineStatus } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { equalJson } from '../../kube/objects/json.ts';
import type { ProvisionOptions } from '../options.ts';

/** All machines together; with more of them on their way each one's progress is written less often. */
const progressPerSecond = 5;
/** Likewise for reasons to wait: what is late for a thousand machines at once is late by a minute at most. */
const reasonsPerSecond = 20;

/** What comes about by itself, as a rule; for all other reasons somebody has to do something. */
const passing: readonly (string | undefined)[] = [
  'WaitingForMachine',
  'WaitingForCluster',
  'WaitingForClusterInfrastructure',
  'WaitingForBootstrapData',
  'Provisioning',
];

type Times = Pick<ProvisionOptions, 'settleSeconds' | 'quietSeconds' | 'progressSeconds'>;

/**
 * When what has changed about a machine has to be written. What Cluster API and people act on (`Ready`, pausing, addresses, a
 * failure for good) is told at once. A reason to wait is told when it has stood for a moment: a machine that finds everything
 * in place passes through most of them in no time. How far it is need not be told as often as it changes.
 */
export class StatusNews {
  readonly #options: Times;
  /** Since when, monotonic, the reason that stands in the status is not the right one any more. */
  readonly #stale = new Map<string, number>();
  /** When the status of a machine was last written, monotonic. */
  readonly #told = new Map<string, number>();
  /** Machines that are not ready. */
  readonly #underWay = new Set<string>();

  constructor(options: Times) {
    this.#options = options;
  }

  /** @returns how many seconds to wait before `after` is written in place of `before`; at most 0: write it now */
  heldBackSeconds(
    key: string,
    before: TinkerbellMachineStatus | undefined,
    after: TinkerbellMachineStatus,
    nowMs: number,
  ): number {
    const { settleSeconds, quietSeconds, progressSeconds } = this.#options;
    if (isReady(after)) this.#underWay.delete(key);
    else this.#underWay.add(key);
    if (reasonOf(before) === reasonOf(after)) this.#stale.delete(key);
    if (!equalJson(outcomeOf(before), outcomeOf(after))) return 0;
    const since = (startMs: number) => (nowMs - startMs) / 1000;
    if (reasonOf(before) !== reasonOf(after)) {
      const staleMs = this.#stale.get(key) ?? nowMs;
      this.#stale.set(key, staleMs);
      const patienceSeconds = passing.includes(reasonOf(after)) ? quietSeconds : settleSeconds;
      return Math.max(patienceSeconds, this.#underWay.size / reasonsPerSecond) - since(staleMs);
    }
    const toldMs = this.#told.get(key);
    if (toldMs === undefined) return 0;
    return Math.max(progressSeconds, this.#underWay.size / progressPerSecond) - since(toldMs);
  }

  told(key: string, nowMs: number): void {
    this.#told.set(key, nowMs);
    this.#stale.delete(key);
  }

  /** The machine is gone. */
  forget(key: string): void {
    this.#stale.delete(key);
    this.#told.delete(key);
    this.#underWay.delete(key);
  }
}

/** Everything but the way there. A machine of which nothing is said is neither ready nor paused. */
function outcomeOf(status: TinkerbellMachineStatus | undefined): object {
  const { conditions: _conditions, ...fields } = status ?? {};
  return { ...fields, isReady: isReady(status), isPaused: isTrue(status, 'Paused') };
}

function isReady(status: TinkerbellMachineStatus | undefined): boolean {
  return isTrue(status, 'Ready');
}

function isTrue(status: TinkerbellMachineStatus | undefined, type: string): boolean {
  return conditionOf(status, type)?.status === 'True';
}

function reasonOf(status: TinkerbellMachineStatus | undefined): string | undefined {
  return conditionOf(status, 'Ready')?.reason;
}

function conditionOf(status: TinkerbellMachineStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
