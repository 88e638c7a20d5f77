import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../src/api/tinkerbell/v1alpha1/workflow-status.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const capt = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe('capt agent against the agent API on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let rig: AgentApiRig;
  let folder: string;
  let agents: ChildProcess[];

  before(async () => {
    const shared = await TestNamespace.create('agent-crds');
    await installCrds(shared.client, [Hardware, Workflow]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('agent');
    ({ client, name: namespace } = own);
    rig = await AgentApiRig.start(client, namespace);
    folder = mkdtempSync(join(tmpdir(), 'capt-agent-'));
    agents = [];
  });

  afterEach(async () => {
    for (const agent of agents) await end(agent, 'SIGKILL');
    await rig.stop();
    await own[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const stateFile = () => join(folder, 'state', 'agent.json');

  function startAgent(id: string): ChildProcess {
    const flags = ['-id', id, '-grpc-server', rig.address, '-state-file', stateFile(), '-backoff-max-interval', '50ms'];
    const agent = spawn(process.execPath, [capt, 'agent', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    agent.stdout?.resume();
    agents.push(agent);
    return agent;
  }

  async function end(agent: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (agent.exitCode !== null || agent.signalCode !== null) return;
    const ended = once(agent, 'exit');
    agent.kill(signal);
    await ended;
  }

  /** A Workflow whose actions each write a line into a file: who ran twice is found out. */
  async function create(name: string, actions: number, script = ''): Promise<void> {
    const environment = {
      DEFAULT_INTERPRETER: '/bin/sh -c',
      CMD_LINE: `echo ran >> ${folder}/${name}; ${script}`,
    };
    await createRendered(client, {
      namespace,
      name,
      agents: [name],
      actions: [Array(actions).fill('PENDING')],
      action: { environment },
    });
  }

  async function statusOf(name: string): Promise<WorkflowStatus> {
    return (await client.get(Workflow, { namespace, name })).status ?? {};
  }

  const runsOf = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n').length : 0;

  async function untilEnd(name: string): Promise<WorkflowStatus> {
    await eventually(async () => assert.match((await statusOf(name)).state ?? '', /^(POST|SUCCESS|FAILED|TIMEOUT)$/));
    return await statusOf(name);
  }

  it('runs a Workflow to its end, every action once, and stops on SIGTERM', async () => {
    await create('machine', 3);
    const agent = startAgent('machine');
    const { state, tasks } = await untilEnd('machine');
    assert.equal(state, 'POST');
    for (const action of tasks?.[0]?.actions ?? []) {
      assert.equal(action.state, 'SUCCESS');
      assert.equal(action.message, 'action completed');
      assert.match(action.executionDuration ?? '', /^\d+(s|ms)/);
    }
    assert.equal(runsOf('machine'), 3);
    await end(agent, 'SIGTERM');
    assert.equal(agent.exitCode, 0);
  });

  it('reports what failed, and where', async () => {
    await create('machine', 2, 'echo no disk here >&2; exit 3');
    startAgent('machine');
    const { state, tasks } = await untilEnd('machine');
    assert.equal(state, 'FAILED');
    assert.match(tasks?.[0]?.actions[0]?.message ?? '', /exit code 3: no disk here \[ACTION_COMMAND_FAILED\]$/);
    assert.equal(runsOf('machine'), 1);
  });

  it('told to stop in the middle of an action: stops it and says so', async () => {
    await create('machine', 1, 'sleep 1000');
    const agent = startAgent('machine');
    await eventually(() => assert.equal(runsOf('machine'), 1));
    await end(agent, 'SIGTERM');
    const { state, tasks } = await untilEnd('machine');
    assert.equal(state, 'FAILED');
    assert.match(
      tasks?.[0]?.actions[0]?.message ?? '',
      /interrupted: the agent was told to stop.*\[ACTION_INTERRUPTED\]/,
    );
  });

  for (const phase of ['starting', 'running', 'ended'] as const) {
    it(`is killed with SIGKILL while the action is ${phase}, and goes on without doing anything twice`, async () => {
      const ends: string[] = [];
      for (let attempt = 0; attempt < 10 && !ends.includes(phase === 'running' ? 'FAILED' : 'POST'); attempt++) {
        const name = `${phase}-${attempt}`;
        await create(name, 2, phase === 'running' ? 'sleep 0.2' : '');
        const agent = startAgent(name);
        await until(() => phaseOf() === phase || runsOf(name) === 2);
        await end(agent, 'SIGKILL');
        const next = startAgent(name);
        const { state = '', tasks } = await untilEnd(name);
        await end(next, 'SIGTERM');
        ends.push(state);
        if (state === 'POST') assert.equal(runsOf(name), 2);
        else {
          const failed = tasks?.[0]?.actions.find((action) => action.state === 'FAILED');
          assert.match(
            failed?.message ?? '',
            /interrupted: the agent was restarted while it ran.*\[ACTION_INTERRUPTED\]/,
          );
          assert.ok(runsOf(name) <= 2);
        }
        assert.equal(phaseOf(), undefined);
      }
      assert.ok(ends.includes(phase === 'running' ? 'FAILED' : 'POST'), ends.join(', '));
    });
  }

  /** Looks without a pause: the moment is short. */
  async function until(condition: () => boolean): Promise<void> {
    const end = performance.now() + 30_000;
    while (!condition()) {
      assert.ok(performance.now() < end);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  function phaseOf(): string | undefined {
    try {
      return JSON.parse(readFileSync(stateFile(), 'utf8')).entry.phase;
    } catch {
      return undefined;
    }
  }
});
