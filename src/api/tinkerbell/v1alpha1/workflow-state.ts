/** States of a Workflow as they stand in `status.state`; `''` before anything happened. */
export type WorkflowState = '' | 'PREPARING' | 'PENDING' | 'RUNNING' | 'POST' | FinalState;

/** The states a Workflow never leaves. */
export type FinalState = 'SUCCESS' | 'FAILED' | 'TIMEOUT';

const known: readonly string[] = ['PREPARING', 'PENDING', 'RUNNING', 'POST', 'SUCCESS', 'FAILED', 'TIMEOUT'];

/**
 * The state that a status means. Older releases wrote `STATE_` in front; their `STATE_PENDING` was written before
 * anything had been rendered, so it means the beginning. What nobody knows counts as failed: it must not run.
 */
export function stateOf(text: string | undefined): WorkflowState {
  if (!text || text === 'STATE_PENDING') return '';
  const state = text.replace(/^STATE_/, '');
  return known.includes(state) ? (state as WorkflowState) : 'FAILED';
}

export function isFinal(state: string): state is FinalState {
  return state === 'SUCCESS' || state === 'FAILED' || state === 'TIMEOUT';
}
