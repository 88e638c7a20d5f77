import type { Environment, Finale } from '../actions/action.ts';

/** Who an action is, for reports. */
export interface ActionIdentity {
  /** `namespace/name` */
  readonly workflowId: string;
  readonly taskId: string;
  readonly agentId: string;
  readonly actionId: string;
  readonly name: string;
}

/** An action that the server handed out. */
export interface HandedAction extends ActionIdentity {
  readonly image: string;
  /** 0 is no limit. */
  readonly timeoutSeconds: number;
  readonly command: readonly string[];
  readonly environment: Environment;
  /** Servers of the original take a report on progress for another start: they get none. */
  readonly acceptsProgress: boolean;
}

export type ActionState = 'RUNNING' | 'SUCCESS' | 'FAILED' | 'TIMEOUT';

/** What the agent says about an action. */
export interface ActionReport {
  readonly action: ActionIdentity;
  readonly state: ActionState;
  readonly startMs: number;
  /** Absent while it runs. */
  readonly stopMs?: number;
  readonly message: string;
  /** With RUNNING only, while it runs. */
  readonly progress?: ProgressReport;
  /** With SUCCESS: begin the action that follows in the same breath, if it is ours. */
  readonly beginsNext?: boolean;
}

export interface ProgressReport {
  readonly what?: string;
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

export type Asked =
  | { readonly kind: 'action'; readonly action: HandedAction }
  /** There is nothing to do, which is no failure. */
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export type Told =
  /** `next`, to `beginsNext` only: the action that follows, whose start is recorded. */
  | { readonly kind: 'taken'; readonly next?: HandedAction }
  /** It will never be taken; `gone`: the Workflow does not exist any more. */
  | { readonly kind: 'refused'; readonly reason: string; readonly gone: boolean }
  /** Nobody knows whether it was taken: tell it again. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** The server as the loop sees it. No method throws, every call ends by itself. */
export interface WorkflowServer {
  ask(signal: AbortSignal): Promise<Asked>;
  tell(report: ActionReport, signal: AbortSignal): Promise<Told>;
  close(): void;
}

/** How an action ended. */
export interface Outcome {
  readonly state: 'SUCCESS' | 'FAILED' | 'TIMEOUT';
  readonly message: string;
  readonly finale?: Finale;
  /** It did not stop when told to, and may still write: this process must not run another one. */
  readonly stuck?: boolean;
}
