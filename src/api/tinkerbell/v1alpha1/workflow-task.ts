import type * as z from 'zod';
import { list, map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { int64, text, time } from '../../schema/scalar.ts';

const volumes = list(
  'Directories of the installer to show the action.',
  text('`source:target` with an optional `:ro`.'),
);

const environment = map('Environment variables.', text('A value.'));

export const workflowAction = object('One program to run, and how it went.', {
  id: required(text('Identity of the action, unique in the Workflow.')),
  name: text('Name of the action.'),
  image: text('Image to run.'),
  timeout: int64('Seconds the action may take.'),
  command: list('Command line in place of that of the image.', text('A word.')),
  volumes,
  pid: text('Deprecated, use `namespaces.pid`. `host` shares the processes of the installer.'),
  namespaces: object('Linux namespaces to share.', {
    network: text('`host` shares the network of the installer.'),
    pid: text('`host` shares the processes of the installer.'),
  }),
  environment,
  state: text('`PENDING`, `RUNNING`, `SUCCESS`, `FAILED` or `TIMEOUT`.'),
  executionStart: time('When the agent began.'),
  executionStop: time('When the agent was done.'),
  executionDuration: text('How long it took, as Go writes durations: `1m3.5s`.'),
  message: text('What the agent said at the end.'),
});

export type WorkflowAction = z.infer<typeof workflowAction>;

export const workflowTask = object('Actions that one agent runs in a row.', {
  id: required(text('Identity of the task, unique in the Workflow.')),
  name: required(text('Name of the task.')),
  agentID: required(text('The agent that runs the task.')),
  actions: required(list('Actions in their order.', workflowAction)),
  volumes,
  environment,
});

export type WorkflowTask = z.infer<typeof workflowTask>;
