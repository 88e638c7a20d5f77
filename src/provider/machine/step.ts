import type { Action } from '../../api/bmc/v1alpha1/action.ts';
import type { TinkerbellMachineStatus } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { WorkflowBootOptions } from '../../api/tinkerbell/v1alpha1/boot-options.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { FailedAttempts } from '../attempts.ts';

/** What a machine waits for or has become: one condition that tells it. */
export interface Aspect {
  type: 'HardwareClaimed' | 'TemplateRendered' | 'WorkflowRunning' | 'PoweredOff' | 'Released';
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/**
 * The one thing to do next for a TinkerbellMachine. What a step brought about is seen by looking at the world again,
 * never remembered: a step that was done when the process died is found done.
 */
export type Step =
  | { kind: 'addFinalizer' }
  /** Hold off `clusterctl move`: it forgets that a machine is being deleted, so the target would take a wiped host for live. */
  | { kind: 'blockMove' }
  /** Compare-and-swap on the Hardware's labels; with `first` none but this may be taken. */
  | { kind: 'claim'; hardware: Hardware }
  /** Put the labels of a machine that is installed there back on its Hardware. */
  | { kind: 'reclaim'; hardware: Hardware }
  | { kind: 'recordClaim'; hardware: Hardware }
  /** Bring the bootstrap data to Hardware that was claimed without. */
  | { kind: 'deliver'; hardware: Hardware }
  | { kind: 'writeTemplate'; name: ObjectName; data: string; exists: boolean; hardware: Hardware }
  | {
      kind: 'createWorkflow';
      name: ObjectName;
      hardware: Hardware;
      template: string;
      bootOptions: WorkflowBootOptions;
      /** How long its agent may take to begin. Default: for ever. */
      agentWaitLimitSeconds?: number;
    }
  | { kind: 'countFailure'; attempts: FailedAttempts }
  | { kind: 'deleteWorkflow'; workflow: Workflow }
  | { kind: 'deleteTemplate'; name: ObjectName }
  | { kind: 'markProvisioned'; hardware: Hardware }
  | { kind: 'publish'; providerID: string }
  | { kind: 'quarantine'; hardware: Hardware; reason: string }
  | { kind: 'createJob'; name: ObjectName; hardware: Hardware; actions: Action[] }
  | { kind: 'deleteJob'; name: ObjectName }
  /** Give the Hardware back: nothing of the machine stays on it. With a reason it goes to quarantine. */
  | { kind: 'release'; hardware: Hardware; quarantine?: string }
  | { kind: 'removeFinalizer'; leftovers: readonly Leftover[] }
  | Rest;

/** An object of the release that no garbage collector takes, because it is in another namespace. */
export interface Leftover {
  kind: 'Job' | 'Workflow' | 'Template';
  name: ObjectName;
}

/** Nothing to do until something changes, or until `untilMs` (wall clock): say how things stand. */
export interface Rest {
  kind: 'rest';
  /** `Ready` and why. */
  ready: { status: 'True' | 'False'; reason: string; message: string };
  aspects: readonly Aspect[];
  /** Fields of the status besides conditions. */
  status?: Partial<TinkerbellMachineStatus>;
  paused?: string;
  untilMs?: number;
}

/** Rests without being ready. */
export function waitFor(reason: string, message: string, aspects: readonly Aspect[] = [], untilMs?: number): Rest {
  const ready = { status: 'False', reason, message } as const;
  return { kind: 'rest', ready, aspects, ...(untilMs === undefined ? {} : { untilMs }) };
}
