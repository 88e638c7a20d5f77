import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Job } from '../../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import type { Task } from '../../../api/bmc/v1alpha1/task.ts';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { Client } from '../../../kube/client/client.ts';
import { type FakeAnswer, FakeTransport } from '../../../kube/client/fake-transport.ts';
import { FakeEventRecorder } from '../../../kube/events/fake-event-recorder.ts';
import { FakeObjectServer } from '../../../kube/objects/fake-object-server.ts';
import { defaultBmcSettings } from '../settings.ts';
import { attemptOf } from '../task/attempt.ts';
import { SentTasks } from '../task/sent-tasks.ts';
import { JobReconciler } from './job-reconciler.ts';

const api = 'bmc.tinkerbell.org/v1alpha1';
const machine = {
  apiVersion: api,
  kind: 'Machine',
  metadata: { namespace: 'ns', name: 'm' },
  spec: { connection: { host: 'm', insecureTLS: true, authSecretRef: { name: 's' } } },
} as Machine;

/** A Job on an API server that knows Tasks of which the cache may not have heard. */
function rig(refuse?: FakeAnswer) {
  const server = new FakeObjectServer<Job>({
    apiVersion: api,
    kind: 'Job',
    metadata: { namespace: 'ns', name: 'j' },
    spec: { machineRef: { namespace: 'ns', name: 'm' }, tasks: [{ powerAction: 'off' }, { powerAction: 'on' }] },
  });
  const stored = new Map<string, Task>();
  const cached = new Map<string, Task>();
  const created: string[] = [];
  const transport = new FakeTransport(async (request): Promise<FakeAnswer> => {
    const { method, path, body } = request;
    if (!path.includes('/tasks')) {
      const { statusCode, body: answer } = await server.transport.request(request);
      return { status: statusCode, body: await new Response(answer as never).text() };
    }
    if (method === 'GET') return { body: stored.get(path.split('/').at(-1) ?? '') };
    if (refuse !== undefined) return refuse;
    const task = JSON.parse(body ?? '{}') as Task;
    const name = task.metadata.name ?? '';
    if (stored.has(name))
      return { status: 409, body: { kind: 'Status', reason: 'AlreadyExists', code: 409, message: 'it exists' } };
    created.push(name);
    stored.set(name, task);
    return { status: 201, body: task };
  });
  const events = new FakeEventRecorder();
  const clock = new FakeClock();
  const reconciler = new JobReconciler({
    client: new Client(transport),
    jobs: { get: () => server.object },
    tasks: { get: ({ name }) => cached.get(name) },
    machines: { get: () => machine },
    events,
    clock,
    settings: defaultBmcSettings,
    sent: new SentTasks(),
  });
  const { signal } = new AbortController();
  const reconcile = () => reconciler.reconcile({ namespace: 'ns', name: 'j' }, { signal });
  const finish = (name: string) => {
    const task = stored.get(name);
    assert.ok(task);
    stored.set(name, { ...task, status: { conditions: [{ type: 'Completed', status: 'True' }] } });
  };
  return { server, stored, cached, created, events, clock, reconcile, finish };
}

describe('a Job', () => {
  it('M job.go:152-160: takes a Task that the cache has not heard of for its own', async () => {
    const { server, created, reconcile, finish } = rig();
    await reconcile();
    await reconcile();
    finish('j-task-0');
    await reconcile();
    await reconcile();
    finish('j-task-1');
    await reconcile();
    assert.deepEqual(created, ['j-task-0', 'j-task-1']);
    assert.deepEqual(
      server.copy.status?.conditions?.map(({ type, status }) => `${type} ${status}`),
      ['Running False', 'Completed True'],
    );
  });

  it('costs three writes beside its Tasks when it is done soon', async () => {
    const { server, reconcile, finish } = rig();
    assert.deepEqual(await reconcile(), { requeueAfterSeconds: 15 });
    finish('j-task-0');
    await reconcile();
    finish('j-task-1');
    await reconcile();
    const { annotations = {} } = server.copy.metadata;
    assert.deepEqual(Object.keys(annotations), ['capt.tinkerbell.org/begun', 'capt.tinkerbell.org/finished']);
    assert.ok(server.copy.status?.startTime && server.copy.status.completionTime);
    assert.equal(server.patches.length, 3);
  });

  it('is shown as running when it takes longer', async () => {
    const { server, clock, reconcile } = rig();
    await reconcile();
    assert.equal(server.copy.status, undefined);
    await clock.advance(15_000);
    assert.deepEqual(await reconcile(), {});
    assert.deepEqual(server.copy.status, {
      startTime: '2026-01-01T00:00:00Z',
      conditions: [{ type: 'Running', status: 'True' }],
    });
    await reconcile();
    assert.equal(server.patches.length, 2);
  });

  it('marks its Tasks ahead where doing them twice does no harm', async () => {
    const { stored, reconcile, finish, server } = rig();
    if (server.object?.spec) server.object.spec.tasks = [{ powerAction: 'off' }, { powerAction: 'cycle' }];
    await reconcile();
    finish('j-task-0');
    await reconcile();
    const marks = [...stored.values()].map((task) => attemptOf(task)?.ahead !== undefined);
    assert.deepEqual(marks, [true, false]);
  });

  it('fails where the API server will never take its Task', async () => {
    const { server, reconcile, events } = rig({
      status: 422,
      body: { kind: 'Status', reason: 'Invalid', code: 422, message: 'no' },
    });
    await reconcile();
    assert.match(JSON.stringify(server.copy.status), /task ns\/j-task-0 cannot be made/);
    assert.match(events.lines.join(), /Warning Job ns\/j JobFailed/);
  });

  it('is left alone when it has finished', async () => {
    const { server, reconcile, stored } = rig();
    if (server.object) server.object.status = { conditions: [{ type: 'Completed', status: 'True' }] };
    await reconcile();
    assert.deepEqual([server.patches, stored.size], [[], 0]);
  });
});
