import { channel } from 'node:diagnostics_channel';
import type { RefusalCode } from './refusal.ts';

/** One call of an agent was answered. */
export interface AgentCall {
  readonly method: 'GetAction' | 'ReportActionStatus';
  readonly code: 'OK' | RefusalCode | 'Cancelled';
  readonly seconds: number;
}

/** Name of the diagnostics channel on which every `AgentCall` is published. */
export const agentCallChannel = 'capt.workflow.agent-api.call';

const calls = channel(agentCallChannel);

export function publishCall(call: AgentCall): void {
  if (calls.hasSubscribers) calls.publish(call);
}
