import { defineKind, type ObjectOf } from '../../meta/kind.ts';
import { object, required } from '../../schema/object.ts';
import { action } from './action.ts';
import { connection } from './connection.ts';
import { bmcGroup } from './group.ts';
import { progressColumns, progressStatus } from './progress.ts';

/** One action of a Job. */
export const Task = defineKind({
  ...bmcGroup,
  kind: 'Task',
  plural: 'tasks',
  shortNames: ['t'],
  description: 'One action of a Job on one BMC. Made by the job controller; not meant to be written by hand.',
  columns: [{ name: 'Host', type: 'string', jsonPath: '.spec.connection.host' }, ...progressColumns],
  spec: object('The action that is wanted.', { task: required(action), connection }, { writer: 'bmc job controller' }),
  status: progressStatus('How far the action is.', '`Completed` or `Failed`.', 'bmc task controller'),
});

export type Task = ObjectOf<typeof Task>;
