import type * as z from 'zod';
import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { map } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { flag, text } from '../../schema/scalar.ts';
import { workflowBootOptions } from './boot-options.ts';
import { tinkerbellGroup } from './group.ts';
import { workflowStatus } from './workflow-status.ts';

const spec = object(
  'What to run and where.',
  {
    disabled: flag('Do nothing yet.'),
    templateRef: text('Name of the Template, in the same namespace.'),
    hardwareRef: text('Name of the Hardware, in the same namespace.'),
    hardwareMap: map('Template variables beside those of the Hardware.', text('A value.')),
    bootOptions: workflowBootOptions,
  },
  { writer: 'user, machine controller or enrollment' },
);

export type WorkflowSpec = z.infer<typeof spec>;

/** A Template run once on one machine. */
export const Workflow = defineKind({
  ...tinkerbellGroup,
  kind: 'Workflow',
  plural: 'workflows',
  shortNames: ['wf'],
  description: 'One run of a Template on one machine.',
  columns: [
    { name: 'Template', type: 'string', jsonPath: '.spec.templateRef' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Task', type: 'string', jsonPath: '.status.currentState.taskName', priority: 1 },
    { name: 'Action', type: 'string', jsonPath: '.status.currentState.actionName' },
    { name: 'Agent', type: 'string', jsonPath: '.status.currentState.agentID' },
    { name: 'Hardware', type: 'string', jsonPath: '.spec.hardwareRef' },
    { name: 'Template-Rendering', type: 'string', jsonPath: '.status.templateRendering', priority: 1 },
    { name: 'Progress', type: 'integer', jsonPath: '.status.progress.percent', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  spec,
  status: workflowStatus,
});

export type Workflow = ObjectOf<typeof Workflow>;
