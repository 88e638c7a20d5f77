import type * as z from 'zod';
import { list, map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, int64, text, time } from '../../schema/scalar.ts';
import { workflowTask } from './workflow-task.ts';

const bootOptions = object('How far the boot is.', {
  allowNetboot: object('How far the switching of `allowPXE` is.', {
    toggledTrue: flag('It was set to true.'),
    toggledFalse: flag('It was set to false again.'),
  }),
  jobs: map(
    'The bmc Jobs of this boot by their names.',
    object('State of one Job.', {
      uid: text('UID of the Job that is waited for.'),
      complete: flag('The Job is done.'),
      existingJobDeleted: flag('A Job of this name that was there before is gone.'),
    }),
  ),
});

const currentState = object('Where the agent is.', {
  agentID: text('The agent.'),
  taskID: text('Identity of the task.'),
  actionID: text('Identity of the action.'),
  state: text('State of the action.'),
  actionName: text('Name of the action.'),
  taskName: text('Name of the task.'),
});

const actionProgress = object('How far the action is that runs. Not in Tinkerbell.', {
  actionID: text('Identity of the action.'),
  bytes: int64('Bytes that are done.'),
  totalBytes: int64('Bytes there are to do.'),
  bytesPerSecond: int64('Bytes a second at the time.'),
  etaSeconds: int64('Seconds it will take at that speed.'),
  percent: int64('Share that is done, 0 to 100.'),
  message: text('The same for people, with what is being done.'),
  time: time('When the agent said so.'),
});

export type ActionProgressStatus = z.infer<typeof actionProgress>;

const condition = object('One aspect of the state.', {
  type: required(
    text(
      '`BootJobSetupComplete`, `BootJobSetupFailed`, `BootJobRunning`, `BootJobComplete`, `BootJobFailed`, `AllowNetbootTrue`, `AllowNetbootFalse` or `TemplateRenderedSuccess`; ours: `AgentStarted`, `ReferencesRead`, `StatusRestored`.',
    ),
  ),
  status: required(text('`True`, `False` or `Unknown`.')),
  reason: text('Why, as one word.'),
  message: text('Why, for people.'),
  time: time('When it was last set to something else.'),
});

export type WorkflowCondition = z.infer<typeof condition>;

export const workflowStatus = object(
  'How far the Workflow is.',
  {
    agentID: text('The agent that works on it.'),
    state: text(
      'Empty, `PREPARING`, `PENDING`, `RUNNING`, `POST`, `SUCCESS`, `FAILED` or `TIMEOUT`; older ones with `STATE_` in front.',
    ),
    templateRendering: text('`successful` or `failed`.'),
    globalTimeout: int64('Seconds all actions together may take.'),
    globalExecutionStop: time('When `globalTimeout` is over.'),
    bootOptions,
    currentState,
    unansweredStart: text(
      'Identity of the action whose start is recorded, but whose agent may not have heard so: when it asks again, it has not begun. Not in Tinkerbell.',
    ),
    progress: actionProgress,
    tasks: list('The rendered template and how each part went.', workflowTask),
    conditions: list('Aspects of the state.', condition, { merge: 'atomic' }),
  },
  { writer: 'workflow controller and gRPC server' },
);

export type WorkflowStatus = z.infer<typeof workflowStatus>;
