import { objectsAt, textAt } from './json.ts';
import { isTask, messagesOf, textOf } from './message.ts';

/** How far a task of the BMC is (DSP2046 Task). */
export type TaskOutcome =
  | { state: 'running' }
  | { state: 'done' }
  /** `text` says how and why. */
  | { state: 'failed'; text: string };

/** States from which no task comes back; `Suspended` waits for somebody who is not there. */
const failedStates: ReadonlySet<string> = new Set(['Exception', 'Killed', 'Cancelled', 'Interrupted', 'Suspended']);

/** What a Task resource says; `undefined` when `body` is none. */
export function taskOutcomeOf(body: unknown): TaskOutcome | undefined {
  if (!isTask(body)) return undefined;
  const state = textAt(body, 'TaskState') ?? '';
  const status = textAt(body, 'TaskStatus') ?? '';
  if (state === 'Completed') {
    return status === 'Critical' ? { state: 'failed', text: describe(body, status) } : { state: 'done' };
  }
  return failedStates.has(state) ? { state: 'failed', text: describe(body, state) } : { state: 'running' };
}

function describe(body: unknown, how: string): string {
  const text = textOf([...messagesOf(body), ...objectsAt(body, 'Oem').flatMap(messagesOf)]);
  return `the task ended as ${how}${text === '' ? '' : `: ${text}`}`;
}
