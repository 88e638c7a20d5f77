import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { agentWaitLimitAnnotation } from '../../api/tinkerbell/v1alpha1/agent-wait-limit.ts';
import { machineUidAnnotation } from '../names.ts';
import { decide } from './decide.ts';
import { FakeFacts } from './fake-facts.ts';
import { workflowOf } from './objects.ts';
import { failureOf } from './workflow-text.ts';

/** A machine whose Workflow is about to be made. */
function ready(): FakeFacts {
  const world = new FakeFacts();
  world.addHardware('h', { owner: 'm', userData: 'x' });
  world.machine.spec = { hardwareName: 'h' };
  world.addTemplate('template text');
  return world;
}

function made(world: FakeFacts) {
  const step = decide(world.facts);
  return step?.kind === 'createWorkflow' ? workflowOf(world.facts, step) : assert.fail(String(step?.kind));
}

describe('tinkerbell/playground#178: a host that never boots the installer', () => {
  it('is waited for as long as the option says, and the Workflow knows', () => {
    const world = ready();
    const { annotations } = made(world).metadata;
    assert.deepEqual(annotations, { [machineUidAnnotation]: 'uid-m', [agentWaitLimitAnnotation]: '1800' });
    world.options.agentWaitLimitSeconds = 0.5;
    assert.equal(made(world).metadata.annotations?.[agentWaitLimitAnnotation], '1');
  });

  it('is waited for for ever when the option is 0', () => {
    const world = ready();
    world.options.agentWaitLimitSeconds = 0;
    assert.deepEqual(made(world).metadata.annotations, { [machineUidAnnotation]: 'uid-m' });
  });

  it('is a failed attempt with what happened, then the next attempt, then quarantine', () => {
    const world = ready();
    world.options.maxAttempts = 2;
    const workflow = world.addWorkflow('h', 'TIMEOUT');
    const message = 'agent a did not begin within 1800 s';
    const missed = { type: 'AgentStarted', status: 'False', reason: 'TimedOut', message };
    workflow.status = { state: 'TIMEOUT', conditions: [missed] };
    assert.equal(failureOf(workflow), `TIMEOUT: ${message}`);
    const counted = decide(world.facts);
    assert.ok(counted?.kind === 'countFailure');
    world.machine.metadata.annotations = { 'capt.tinkerbell.org/failed-attempts': JSON.stringify(counted.attempts) };
    world.nowMs += 30_000;
    assert.equal(decide(world.facts)?.kind, 'deleteWorkflow');
    workflow.metadata.uid = 'uid-2';
    const last = decide(world.facts);
    assert.ok(last?.kind === 'countFailure' && last.attempts.count === 2);
    world.machine.metadata.annotations = { 'capt.tinkerbell.org/failed-attempts': JSON.stringify(last.attempts) };
    const end = decide(world.facts);
    assert.ok(end?.kind === 'quarantine');
    assert.match(end.reason, /did not begin within 1800 s/);
  });
});
