import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { requestDone } from '../../src/kube/telemetry/channels.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { ScriptedAgent, type ScriptedAgentOptions } from '../support/scripted-agent.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const program = fileURLToPath(new URL('workflow-agent-api-process.ts', import.meta.url));
const backoffMs = { initial: 20, max: 200 };

describe('the agent API on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let stop: AbortController;
  let agents: Promise<unknown>[];

  before(async () => {
    const shared = await TestNamespace.create('agent-api-crds');
    await installCrds(shared.client, [Workflow]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('agent-api');
    ({ client, name: namespace } = own);
    stop = new AbortController();
    agents = [];
  });

  afterEach(async () => {
    stop.abort();
    await Promise.all(agents);
    await own[Symbol.asyncDispose]();
  });

  after(() => {});

  function agent(options: ScriptedAgentOptions): { agent: ScriptedAgent; ended: Promise<'stopped' | 'died'> } {
    const made = new ScriptedAgent({ backoffMs, ...options });
    const ended = made.run(stop.signal);
    agents.push(ended);
    return { agent: made, ended };
  }

  async function statusOf(name: string) {
    return (await client.get(Workflow, { namespace, name })).status ?? {};
  }

  async function untilState(name: string, state: string): Promise<void> {
    await eventually(async () => assert.equal((await statusOf(name)).state, state));
  }

  it('takes three agents through their Workflows with two writes an action and no conflict', async () => {
    await using rig = await AgentApiRig.start(client, namespace);
    const ids = ['agent-1', 'agent-2', 'agent-3'];
    for (const id of ids) {
      await createRendered(client, { namespace, name: id, agents: [id], actions: [['PENDING', 'PENDING', 'PENDING']] });
    }
    const writes: string[] = [];
    const unsubscribe = requestDone.subscribe(({ method, code }) => method === 'PATCH' && writes.push(code));
    const running = ids.map((id) => agent({ id, address: rig.address }).agent);
    for (const id of ids) await untilState(id, 'POST');
    unsubscribe();
    assert.deepEqual(writes, Array(18).fill('200'));
    for (const { handed, started, finished } of running) {
      assert.deepEqual(
        [handed, started, finished],
        Array(3).fill(['task-1-action-1', 'task-1-action-2', 'task-1-action-3']),
      );
    }
    const { currentState, tasks } = await statusOf('agent-2');
    assert.deepEqual(currentState, {
      agentID: 'agent-2',
      taskID: 'task-1',
      actionID: 'task-1-action-3',
      state: 'SUCCESS',
      actionName: 'task-1-action-3',
      taskName: 'task-1',
    });
    for (const action of tasks?.[0]?.actions ?? []) {
      assert.equal(action.message, 'action completed');
      assert.match(action.executionStart ?? '', /^20\d\d-.*:\d\dZ$/);
    }
  });

  it('is killed with SIGKILL again and again: nothing runs twice, nothing is lost', async () => {
    const ids = ['agent-1', 'agent-2', 'agent-3'];
    for (const id of ids) {
      await createRendered(client, { namespace, name: id, agents: [id], actions: [Array(8).fill('PENDING')] });
    }
    let port = 0;
    let child = await startProcess(0);
    port = child.port;
    const running = ids.map((id) => agent({ id, address: `127.0.0.1:${port}`, behave: () => ({ workMs: 20 }) }).agent);
    for (const limit of [2, 4, 6]) {
      await eventually(() => assert.ok(running.some(({ started }) => started.length >= limit)));
      child.process.kill('SIGKILL');
      child = await startProcess(port);
    }
    for (const id of ids) await untilState(id, 'POST');
    child.process.kill('SIGKILL');
    const expected = Array.from({ length: 8 }, (_, index) => `task-1-action-${index + 1}`);
    for (const { started, finished } of running) assert.deepEqual([started, finished], [expected, expected]);
  });

  async function startProcess(port: number): Promise<{ process: ChildProcess; port: number }> {
    const args = [program, testControlPlane().kubeconfigFile, namespace, String(port)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', (code) => reject(new Error(`the agent API ended with ${code}`)));
    });
    return { process: child, port: Number(line.split(' ')[1]) };
  }
});
