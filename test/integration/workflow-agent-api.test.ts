import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { ChannelCredentials, createChannel, createClient, Status } from 'nice-grpc';
import {
  type ActionResponse,
  AgentAttributes,
  StateType,
  WorkflowServiceDefinition,
} from '../../src/api/agent-protocol/workflow.generated.ts';
import { CaptError } from '../../src/api/errors/capt-error.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { createServingCertificate } from '../../src/kube/admission/certificate-authority.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { requestDone, runtimeWarning } from '../../src/kube/telemetry/channels.ts';
import { attributesAnnotation } from '../../src/workflow/agent-api/attributes-recorder.ts';
import { agentCallChannel } from '../../src/workflow/agent-api/telemetry.ts';
import { eventually } from '../faults/eventually.ts';
import { Random } from '../faults/random.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { type Behaviour, reportOf, ScriptedAgent, type ScriptedAgentOptions } from '../support/scripted-agent.ts';
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
    await installCrds(shared.client, [Hardware, Workflow]);
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
    const unsubscribe = requestDone.subscribe(({ method, code }) => method !== 'GET' && writes.push(code));
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

  for (const unansweredStart of ['repeat', 'ask'] as const) {
    it(`is killed with SIGKILL again and again: nothing runs twice, nothing is lost (agents that ${unansweredStart})`, () =>
      isKilled(unansweredStart));
  }

  async function isKilled(unansweredStart: 'repeat' | 'ask'): Promise<void> {
    const random = new Random(unansweredStart.length);
    const ids = ['agent-1', 'agent-2', 'agent-3'];
    for (const id of ids) {
      await createRendered(client, { namespace, name: id, agents: [id], actions: [Array(8).fill('PENDING')] });
    }
    let port = 0;
    let child = await startProcess(0);
    port = child.port;
    const running = ids.map(
      (id) => agent({ id, address: `127.0.0.1:${port}`, behave: () => ({ workMs: 20 }), unansweredStart }).agent,
    );
    for (const limit of [2, 4, 6]) {
      await eventually(() => assert.ok(running.some(({ started }) => started.length >= limit)));
      await delay(random.below(40));
      child.process.kill('SIGKILL');
      child = await startProcess(port);
    }
    for (const id of ids) await untilState(id, 'POST');
    child.process.kill('SIGKILL');
    const expected = Array.from({ length: 8 }, (_, index) => `task-1-action-${index + 1}`);
    for (const { started, finished } of running) assert.deepEqual([started, finished], [expected, expected]);
  }

  it('hands an action whose agent of the original never heard that it may begin out again, as soon as it asks', async () => {
    const status = { unansweredStart: 'task-1-action-1' };
    await createRendered(client, { namespace, name: 'install', state: 'RUNNING', actions: [['RUNNING']], status });
    await using rig = await AgentApiRig.start(client, namespace);
    const { started } = agent({ id: 'agent-1', address: rig.address, unansweredStart: 'ask' }).agent;
    await untilState('install', 'POST');
    assert.deepEqual(started, ['task-1-action-1']);
    assert.equal((await statusOf('install')).unansweredStart, undefined);
  });

  it('wakes an agent as soon as its Workflow is ready, and hands the task over to the next agent', async () => {
    await using rig = await AgentApiRig.start(client, namespace);
    const options = { namespace, name: 'two', agents: ['agent-1', 'agent-2'], actions: [['PENDING'], ['PENDING']] };
    await createRendered(client, { ...options, state: 'PREPARING' });
    const first = agent({ id: 'agent-1', address: rig.address });
    const second = agent({ id: 'agent-2', address: rig.address });
    await eventually(() => assert.equal(rig.server.waiting, 2));
    await client.mergePatch(
      Workflow,
      { namespace, name: 'two' },
      { status: { state: 'PENDING' } },
      { subresource: 'status' },
    );
    await untilState('two', 'POST');
    assert.equal((await statusOf('two')).agentID, 'agent-2');
    // Neither had to ask a second time for its action: nothing was refused before the end.
    assert.deepEqual([first.agent.refusals, second.agent.refusals], [[], []]);
    assert.deepEqual(second.agent.finished, ['task-2-action-1']);
  });

  it('hands an action whose agent died before it began to the same agent again, and none that had begun', async () => {
    await using rig = await AgentApiRig.start(client, namespace, { pollSeconds: 0.2 });
    await createRendered(client, { namespace, name: 'install', actions: [['PENDING', 'PENDING']] });
    const dies = ['after-get-action', undefined, 'after-running', undefined] as const;
    let turn = 0;
    const script = () => ({ dies: dies[turn++] }) as Behaviour;
    const made = new ScriptedAgent({ id: 'agent-1', address: rig.address, backoffMs, behave: script });
    assert.equal(await made.run(stop.signal), 'died');
    assert.equal(await made.run(stop.signal), 'died');
    agents.push(made.run(stop.signal));
    await eventually(() => assert.ok(made.refusals.includes(Status.FAILED_PRECONDITION)));
    assert.deepEqual(made.handed, ['task-1-action-1', 'task-1-action-1', 'task-1-action-2']);
    assert.deepEqual(made.started, ['task-1-action-1', 'task-1-action-2']);
    assert.deepEqual((await statusOf('install')).currentState?.state, 'RUNNING');
  });

  it('takes doubled and late reports as known, and ends with the action that failed', async () => {
    await using rig = await AgentApiRig.start(client, namespace);
    await createRendered(client, { namespace, name: 'install', actions: [['PENDING', 'PENDING', 'PENDING']] });
    const behave = ({ name }: ActionResponse): Behaviour =>
      name === 'task-1-action-2' ? { outcome: 'fail', message: 'no disk' } : { duplicates: 2, lateRunning: true };
    agent({ id: 'agent-1', address: rig.address, behave });
    await untilState('install', 'FAILED');
    const { tasks, currentState } = await statusOf('install');
    const actions = tasks?.[0]?.actions ?? [];
    assert.deepEqual(
      actions.map(({ state }) => state),
      ['SUCCESS', 'FAILED', 'PENDING'],
    );
    assert.equal(actions[1]?.message, 'action task-1-action-2 failed: no disk');
    assert.equal(currentState?.state, 'FAILED');
  });

  it('writes the attributes of the agent to a Hardware that has none', async () => {
    await using rig = await AgentApiRig.start(client, namespace);
    const hardware = { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Hardware', metadata: { namespace, name: 'node' } };
    await client.create(Hardware, { ...hardware, spec: {} });
    await createRendered(client, { namespace, name: 'install', spec: { hardwareRef: 'node' } });
    agent({ id: 'agent-1', address: rig.address, attributes: AgentAttributes.decode(Uint8Array.of(0x42, 0)) });
    await untilState('install', 'POST');
    await eventually(async () => {
      const { annotations } = (await client.get(Hardware, { namespace, name: 'node' })).metadata;
      assert.equal(annotations?.[attributesAnnotation], '{"bios":{}}');
    });
  });

  it('shows the progress of an action beside everything else, until it has succeeded', async () => {
    await using rig = await AgentApiRig.start(client, namespace, { progressSeconds: 0.01 });
    await createRendered(client, { namespace, name: 'install' });
    const { channel, api } = connectTo(rig.address);
    const action = await api.getAction({ agentId: 'agent-1', agentAttributes: undefined });
    assert.equal(action.acceptsProgress, true);
    const begin = { ...reportOf(action, StateType.STATE_TYPE_RUNNING, ''), repeatsStart: true };
    await api.reportActionStatus(begin);
    const progress = { bytes: 3, totalBytes: 4, bytesPerSecond: 1, etaSeconds: 1 };
    await api.reportActionStatus({ ...begin, message: { message: 'writing /dev/sda' }, progress });
    await eventually(async () => {
      const { time: _, ...shown } = (await statusOf('install')).progress ?? {};
      assert.deepEqual(shown, { actionID: action.actionId, ...progress, percent: 75, message: 'writing /dev/sda' });
    });
    await api.reportActionStatus(reportOf(action, StateType.STATE_TYPE_SUCCESS, ''));
    channel.close();
    const { progress: left, tasks } = await statusOf('install');
    assert.deepEqual([left, tasks?.[0]?.actions[0]?.state], [undefined, 'SUCCESS']);
  });

  it('tells agents of a Workflow that is gone to stop reporting, and all who wait to come again when it stops', async () => {
    const rig = await AgentApiRig.start(client, namespace);
    await createRendered(client, { namespace, name: 'install' });
    const { channel, api } = connectTo(rig.address);
    const action = await api.getAction({ agentId: 'agent-1', agentAttributes: undefined });
    await client.delete(Workflow, { namespace, name: 'install' });
    const end = reportOf(action, StateType.STATE_TYPE_SUCCESS, '');
    await assert.rejects(api.reportActionStatus(end), { code: Status.NOT_FOUND });
    const waiting = assert.rejects(api.getAction({ agentId: 'agent-1', agentAttributes: undefined }), {
      code: Status.UNAVAILABLE,
    });
    await eventually(() => assert.equal(rig.server.waiting, 1));
    await rig.stop();
    await waiting;
    channel.close();
  });

  it('goes on when a call meets a bug, and says nothing of what was in it', async () => {
    await using rig = await AgentApiRig.start(client, namespace);
    const environment = { PASSWORD: 'hunter2' };
    await createRendered(client, { namespace, name: 'install', task: { environment } });
    const heard: unknown[] = [];
    const listen = (message: unknown) => heard.push(message);
    diagnostics.subscribe(agentCallChannel, listen);
    const unsubscribe = runtimeWarning.subscribe(({ what, error }) => heard.push(what, String(error)));
    const { channel, api } = connectTo(rig.address);
    rig.cache.byIndex = () => {
      throw new Error('a bug');
    };
    const request = { agentId: 'agent-1', agentAttributes: undefined };
    await assert.rejects(api.getAction(request), { code: Status.INTERNAL, details: 'internal error' });
    Reflect.deleteProperty(rig.cache, 'byIndex');
    const action = await api.getAction(request);
    assert.deepEqual(action.environment, ['PASSWORD=hunter2']);
    await api.reportActionStatus(reportOf(action, StateType.STATE_TYPE_RUNNING, ''));
    diagnostics.unsubscribe(agentCallChannel, listen);
    unsubscribe();
    channel.close();
    assert.ok(heard.length >= 4);
    assert.ok(!JSON.stringify(heard).includes('hunter2'), '§9.3 L grpc.go:308: the environment is in no log');
  });

  it('refuses messages beyond its limit and bytes that are no gRPC, and serves on', async () => {
    await using rig = await AgentApiRig.start(client, namespace, { maxMessageKibibytes: 16 });
    const { channel, api } = connectTo(rig.address);
    const large = { agentId: 'x'.repeat(20_000), agentAttributes: undefined };
    await assert.rejects(api.getAction(large), { code: Status.RESOURCE_EXHAUSTED });
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    for (const garbage of [
      randomBytes(5000),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.concat([preface, randomBytes(5000)]),
      Buffer.concat([preface, Buffer.alloc(9 * 200)]),
    ]) {
      await sendRaw(rig.server.port ?? 0, garbage);
    }
    const empty = { agentId: '', agentAttributes: undefined };
    await assert.rejects(api.getAction(empty), { code: Status.INVALID_ARGUMENT, details: 'invalid Agent ID' });
    channel.close();
  });

  it('speaks TLS when it has a certificate, and says which one is no good and which port is taken', async () => {
    const { ca, cert, key } = await createServingCertificate({ hosts: ['127.0.0.1'] });
    await using rig = await AgentApiRig.start(client, namespace, { tls: { cert, key } });
    await createRendered(client, { namespace, name: 'install' });
    agent({ id: 'agent-1', address: rig.address, ca });
    await untilState('install', 'POST');
    const code = (expected: string) => (error: unknown) => error instanceof CaptError && error.code === expected;
    const bad = AgentApiRig.start(client, namespace, { tls: { cert, key: 'no key' } });
    await assert.rejects(bad, code('SERVING_CERTIFICATE_UNUSABLE'));
    await assert.rejects(AgentApiRig.start(client, namespace, { port: rig.server.port ?? 0 }), code('PORT_IN_USE'));
  });

  function connectTo(address: string) {
    const channel = createChannel(address, ChannelCredentials.createInsecure());
    return { channel, api: createClient(WorkflowServiceDefinition, channel) };
  }

  /** Sends bytes and waits until the server hangs up, or has had time to. */
  async function sendRaw(port: number, bytes: Buffer): Promise<void> {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.end(bytes);
    socket.resume();
    await new Promise((resolve) => {
      socket.once('close', resolve);
      socket.setTimeout(200, () => socket.destroy());
    });
  }

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
