import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list, map } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { flag, text } from '../../schema/scalar.ts';
import { tinkerbellGroup } from './group.ts';

const workflow = object('The Workflow to make for a machine that matches.', {
  disabled: flag('Make it disabled, so that somebody has to release it.'),
  namespace: text('Namespace to make it in.'),
  addAttributes: flag('Copy the attributes of the agent into an annotation of the Workflow.'),
  template: object('The Template and its values.', {
    agentValue: text('Name of the template variable that gets the ID of the agent.'),
    kvs: map('More template variables.', text('A value.')),
    ref: text('Name of the Template, in the namespace of the Workflow.'),
  }),
});

/** Which Workflow an unknown machine gets when its agent calls. */
export const WorkflowRuleSet = defineKind({
  ...tinkerbellGroup,
  kind: 'WorkflowRuleSet',
  plural: 'workflowrulesets',
  shortNames: ['wrs'],
  description: 'Which Workflow a machine gets by itself when its agent calls; the set with most matching rules wins.',
  columns: [
    { name: 'Template', type: 'string', jsonPath: '.spec.workflow.template.ref' },
    { name: 'Target-Namespace', type: 'string', jsonPath: '.spec.workflow.namespace', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  spec: object(
    'The rules and what follows from them.',
    {
      rules: list(
        'Patterns on the attributes of the agent; one of them must match.',
        text('A Quamina pattern, which is JSON.'),
      ),
      workflow,
    },
    { writer: 'user' },
  ),
  status: object('Empty.', {}, { writer: 'nobody' }),
});

export type WorkflowRuleSet = ObjectOf<typeof WorkflowRuleSet>;
