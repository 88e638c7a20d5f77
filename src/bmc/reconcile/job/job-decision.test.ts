import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { begunAnnotation, begunText } from '../begun.ts';
import { finishedAnnotation } from '../finished-mark.ts';
import { decideJob, taskNamesOf } from './job-decision.ts';
import { taskOf } from './task-of.ts';

const at = '2026-01-01T00:00:00Z';
const machine = {
  apiVersion: 'bmc.tinkerbell.org/v1alpha1',
  kind: 'Machine',
  metadata: { namespace: 'bmcs', name: 'm' },
  spec: { connection: { host: 'h', insecureTLS: true, authSecretRef: { name: 's' } } },
} as Machine;
const running = { startTime: at, conditions: [{ type: 'Running', status: 'True' }] };

function job(status: Job['status'] = running, annotations: Record<string, string> = { [begunAnnotation]: at }): Job {
  return {
    apiVersion: 'bmc.tinkerbell.org/v1alpha1',
    kind: 'Job',
    metadata: { namespace: 'ns', name: 'j', uid: 'uid-j', annotations },
    spec: { machineRef: { namespace: 'bmcs', name: 'm' }, tasks: [{ powerAction: 'off' }, { powerAction: 'on' }] },
    status,
  };
}

function task(index: number, type?: 'Completed' | 'Failed', of = job()): Task {
  const conditions = type === undefined ? [] : [{ type, status: 'True', message: 'why' }];
  return { ...taskOf(of, index, machine), status: { conditions } };
}

function decide(of: Job, tasks: (Task | undefined)[] = [undefined, undefined], found: Machine | undefined = machine) {
  const decision = decideJob({ job: of, tasks, machine: found });
  if (decision.step === 'fail') return `fail: ${decision.message}`;
  if (decision.step === 'create') return `create ${decision.index}`;
  if (decision.step === 'wait') return `wait ${decision.problem?.code ?? ''}`.trim();
  return decision.step === 'restore' ? `restore ${decision.mark.type}` : decision.step;
}

describe('the next step of a Job', () => {
  const other = { ...job(), metadata: { ...job().metadata, uid: 'uid-old' } };
  const stranger = { ...task(0), metadata: { ...task(0).metadata, ownerReferences: [] } };
  const rows: [string, string, string | RegExp][] = [
    ['is marked before the first Task', decide(job({}, {})), 'mark'],
    ['is marked when its status came first', decide(job(running, {})), 'mark'],
    [
      'goes on without a status under the uid it began with',
      decide(job({}, { [begunAnnotation]: begunText(job(), at) })),
      'create 0',
    ],
    [
      'touches nothing when it has the mark of another',
      decide(job({}, { [begunAnnotation]: begunText(other, at) })),
      /^fail: Job ns\/j was begun at 2026-01-01T00:00:00Z/,
    ],
    ['makes the first Task', decide(job()), 'create 0'],
    ['waits for it', decide(job(), [task(0), undefined]), 'wait'],
    ['makes the next when that is done', decide(job(), [task(0, 'Completed'), undefined]), 'create 1'],
    ['stops at the first failure', decide(job(), [task(0, 'Failed'), undefined]), 'fail: task ns/j-task-0 failed: why'],
    ['is complete after the last', decide(job(), [task(0, 'Completed'), task(1, 'Completed')]), 'complete'],
    [
      'waits for its Machine',
      decide(job(), undefined, { ...machine, spec: undefined } as never),
      'wait BMC_MACHINE_MISSING',
    ],
    [
      'waits until what an earlier Job left is gone',
      decide(job(), [task(0, undefined, other)]),
      'wait BMC_TASK_NAME_TAKEN',
    ],
    ['fails where a stranger has the name', decide(job(), [stranger]), /^fail: Task ns\/j-task-0 exists already/],
    ['does nothing when it is finished', decide(job({ conditions: [{ type: 'Failed', status: 'True' }] })), 'nothing'],
    [
      'does nothing when it is deleted',
      decide({ ...job(), metadata: { ...job().metadata, deletionTimestamp: at } }),
      'nothing',
    ],
    [
      'touches nothing when its status was lost after it began',
      decide(job({})),
      /^fail: Job ns\/j was begun at .* not done again/,
    ],
    [
      'touches nothing when its status was lost after it ended',
      decide(job({}, { [begunAnnotation]: at, [finishedAnnotation]: 'Completed' })),
      'restore Completed',
    ],
    [
      'touches nothing when the original began it and its status was lost',
      decide(job({}, {}), [undefined, task(1)]),
      /^fail: Job ns\/j was begun/,
    ],
  ];
  for (const [name, got, wanted] of rows) {
    it(name, () => (typeof wanted === 'string' ? assert.equal(got, wanted) : assert.match(got, wanted)));
  }
});

describe('a Task of a Job', () => {
  it('has the name, label and owner of the original, and the Secret where the Machine means it', () => {
    assert.deepEqual(taskNamesOf(job()), ['j-task-0', 'j-task-1']);
    const { metadata, spec } = task(1);
    assert.deepEqual(metadata.labels, { 'owner-name': 'j' });
    assert.deepEqual(
      metadata.ownerReferences?.map(({ kind, name, uid, controller }) => ({ kind, name, uid, controller })),
      [{ kind: 'Job', name: 'j', uid: 'uid-j', controller: true }],
    );
    assert.deepEqual(spec?.task, { powerAction: 'on' });
    assert.deepEqual(spec?.connection?.authSecretRef, { name: 's', namespace: 'bmcs' });
  });

  it('has a label that Kubernetes takes, however long the name of the Job is', () => {
    const long = job();
    long.metadata.name = `${'a'.repeat(62)}-b`;
    assert.equal(taskOf(long, 0, machine).metadata.labels?.['owner-name'], 'a'.repeat(62));
  });
});
