import type { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';
import type { Refusal } from './refusal.ts';

/** An agent that asks. */
export interface Caller {
  readonly id: string;
  readonly attributes: AgentAttributes | undefined;
}

/** What becomes of an agent that no Workflow concerns: discovery and automatic enrollment plug in here. */
export interface Newcomers {
  /**
   * Called once a poll. May make a Hardware or a Workflow: the agent waits on and gets its action as soon as that is ready.
   * @returns what the agent is told at once, `undefined` to let it wait
   */
  met(caller: Caller, signal: AbortSignal): Promise<Refusal | undefined>;
}
