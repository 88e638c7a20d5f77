import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { taskOutcomeOf } from './task.ts';

describe('a task', () => {
  const table: [unknown, string][] = [
    [{ TaskState: 'New' }, 'running'],
    [{ TaskState: 'Running', TaskStatus: 'OK' }, 'running'],
    [{ '@odata.type': '#Task.v1_4_3.Task' }, 'running'],
    [{ TaskState: 'Completed', TaskStatus: 'OK' }, 'done'],
    [{ TaskState: 'Completed', TaskStatus: 'Warning' }, 'done'],
    [{ TaskState: 'Completed' }, 'done'],
    [{ TaskState: 'Completed', TaskStatus: 'Critical' }, 'failed'],
    [{ TaskState: 'Exception' }, 'failed'],
    [{ TaskState: 'Killed' }, 'failed'],
    [{ TaskState: 'Cancelled' }, 'failed'],
    [{ TaskState: 'Suspended' }, 'failed'],
  ];
  for (const [task, state] of table) {
    it(`is ${state} as ${JSON.stringify(task)}`, () => assert.equal(taskOutcomeOf(task)?.state, state));
  }

  it('says why it failed', () => {
    const task = { TaskState: 'Exception', Messages: [{ MessageId: 'A.1.B', Message: 'The image is not there.' }] };
    assert.deepEqual(taskOutcomeOf(task), {
      state: 'failed',
      text: 'the task ended as Exception: The image is not there.',
    });
  });

  it('is no other resource', () =>
    assert.equal(taskOutcomeOf({ '@odata.type': '#Chassis.v1_0_0.Chassis' }), undefined));
});
