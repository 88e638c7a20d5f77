import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { type FakeWorkflowOptions, fakeWorkflow } from './fake-workflow.ts';
import { FakeWorkflowServer, refusal } from './fake-workflow-server.ts';
import { readProgress } from './progress.ts';
import { ProgressRecorder } from './progress-recorder.ts';
import type { Report } from './report.ts';

const name = { namespace: 'default', name: 'install' };
const running: FakeWorkflowOptions = { state: 'RUNNING', actions: [['RUNNING', 'PENDING']] };

describe('the progress of an action', () => {
  function rig(workflow: FakeWorkflowOptions = running) {
    const server = new FakeWorkflowServer(fakeWorkflow(workflow));
    const clock = new FakeClock();
    const { client } = server;
    const recorder = new ProgressRecorder({ cache: server.source(), client, clock, mutex: new KeyedMutex() });
    const take = (bytes: number, more: Partial<Report> = {}) =>
      recorder.take(name, {
        agentId: 'agent-1',
        actionId: 'task-1-action-1',
        state: 'RUNNING',
        progress: { bytes, totalBytes: 1000, bytesPerSecond: 100, etaSeconds: 9 },
        ...more,
      });
    return { server, clock, recorder, take, progress: () => server.get('install').status?.progress };
  }

  it('is written once in five seconds, the newest, however often it is said', async () => {
    const { server, clock, take, progress } = rig();
    for (let second = 1; second <= 20; second++) {
      assert.equal(take(second * 10, { message: `${second} s` }), undefined);
      await clock.advance(1000);
    }
    assert.equal(server.writes, 4);
    const { time, ...rest } = progress() ?? {};
    assert.deepEqual(rest, {
      actionID: 'task-1-action-1',
      bytes: 200,
      totalBytes: 1000,
      bytesPerSecond: 100,
      etaSeconds: 9,
      percent: 20,
      message: '20 s',
    });
    assert.match(time ?? '', /^\d{4}-.*Z$/);
    await clock.advance(60_000);
    assert.deepEqual([server.writes, clock.pending], [4, 0]);
  });

  it('is forgotten when its action ends first, and is not written over what came meanwhile', async () => {
    const { server, clock, take, progress } = rig();
    take(10);
    server.put(fakeWorkflow({ ...running, actions: [['SUCCESS', 'RUNNING']] }));
    await clock.advance(5000);
    assert.deepEqual([server.writes, progress()], [0, undefined]);
    take(20);
    await clock.advance(5000);
    assert.equal(server.writes, 0);
  });

  it('gives way: a lost race is not repeated and says nothing, other failures are a warning', async () => {
    const { server, clock, take } = rig();
    const warnings: unknown[] = [];
    const unsubscribe = runtimeWarning.subscribe((warning) => warnings.push(warning));
    server.faults.push(refusal(409, 'Conflict'), refusal(500, 'InternalError'));
    for (let writes = 0; writes < 3; writes++) {
      take(10);
      await clock.advance(5000);
    }
    unsubscribe();
    assert.deepEqual([server.writes, warnings.length], [1, 1]);
  });

  it('tells the agent when nobody wants its action any more', () => {
    const { server, take } = rig();
    assert.deepEqual(take(1, { actionId: 'another' }), { code: 'NotFound', reason: 'action not found' });
    server.put(fakeWorkflow({ ...running, metadata: { name: 'install', deletionTimestamp: '2026-01-01T00:00:00Z' } }));
    assert.deepEqual(take(1), { code: 'NotFound', reason: 'Workflow is being deleted' });
    server.delete('install');
    assert.deepEqual(take(1), { code: 'NotFound', reason: 'Workflow not found' });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const { server, clock, take, recorder } = rig();
    take(1);
    recorder.stop();
    await clock.advance(60_000);
    assert.deepEqual([server.writes, clock.pending], [0, 0]);
  });

  it('is read without what makes no sense', () => {
    assert.deepEqual(readProgress({ bytes: 5, totalBytes: -1, etaSeconds: 0 }), { bytes: 5, etaSeconds: 0 });
    assert.deepEqual(readProgress({}), {});
  });
});
