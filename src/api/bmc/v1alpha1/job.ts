import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';
import { action } from './action.ts';
import { bmcGroup } from './group.ts';
import { progressColumns, progressStatus } from './progress.ts';

/** Actions on one BMC, in order; stops at the first that fails. */
export const Job = defineKind({
  ...bmcGroup,
  kind: 'Job',
  plural: 'jobs',
  shortNames: ['j'],
  description: 'Actions on one BMC, done one after the other. It stops at the first that fails.',
  columns: [{ name: 'Machine', type: 'string', jsonPath: '.spec.machineRef.name' }, ...progressColumns],
  spec: object(
    'The work that is wanted.',
    {
      machineRef: required(
        object('The bmc Machine to act on.', {
          name: required(text('Name of the bmc Machine.')),
          namespace: required(text('Namespace of the Machine.')),
        }),
      ),
      tasks: required(list('Actions in their order; each becomes a Task.', action, { minItems: 1 })),
    },
    { writer: 'user, workflow controller or machine controller' },
  ),
  status: progressStatus('How far the work is.', '`Running`, `Completed` or `Failed`.', 'bmc job controller'),
});

export type Job = ObjectOf<typeof Job>;
