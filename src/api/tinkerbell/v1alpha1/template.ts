import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { object } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';
import { tinkerbellGroup } from './group.ts';

/** What to do on a machine, as YAML with Go template expressions; a Workflow fills it in and runs it. */
export const Template = defineKind({
  ...tinkerbellGroup,
  kind: 'Template',
  plural: 'templates',
  shortNames: ['tpl'],
  description: 'Tasks and actions to run on a machine, with places that a Workflow fills in.',
  columns: [
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  spec: object(
    'The template.',
    {
      data: text(
        'YAML with expressions of Go text/template. After rendering it must have `version`, `name`, `global_timeout` (seconds) and `tasks`.',
      ),
    },
    { writer: 'user or machine controller' },
  ),
  status: object('Kept for compatibility; nothing writes it.', { state: text('Free text.') }, { writer: 'nobody' }),
});

export type Template = ObjectOf<typeof Template>;
