/** States of an action; what is no other word means that nothing has been heard of it. */
export type ActionState = 'PENDING' | 'RUNNING' | EndState;

/** States an action never leaves. */
export type EndState = 'SUCCESS' | 'FAILED' | 'TIMEOUT';

const known: readonly string[] = ['RUNNING', 'SUCCESS', 'FAILED', 'TIMEOUT'];

/** What the state of an action means; older releases wrote `STATE_` in front. */
export function actionStateOf({ state = '' }: { state?: string | undefined }): ActionState {
  const word = state.replace(/^STATE_/, '');
  return known.includes(word) ? (word as ActionState) : 'PENDING';
}

export function isEnd(state: ActionState): state is EndState {
  return state !== 'PENDING' && state !== 'RUNNING';
}
