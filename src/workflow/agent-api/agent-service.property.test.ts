import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  type ActionResponse,
  type ActionStatusRequest,
  StateType,
} from '../../api/agent-protocol/workflow.generated.ts';
import type { Clock } from '../../api/time/clock.ts';
import { actionStateOf } from './action-state.ts';
import { AgentService } from './agent-service.ts';
import { fakeWorkflow } from './fake-workflow.ts';
import { FakeWorkflowServer, refusal } from './fake-workflow-server.ts';

const never = new AbortController().signal;
const hungUp = AbortSignal.abort();

/** Nobody waits, but everything takes its turn; what is due after its service was killed never comes. */
class Hurry implements Clock {
  #killed = false;

  kill(): void {
    this.#killed = true;
  }

  now(): number {
    return Date.UTC(2026, 0, 1);
  }

  monotonic(): number {
    return 0;
  }

  after(_delayMs: number, callback: () => void): () => void {
    const timer = setImmediate(() => this.#killed || callback());
    return () => clearImmediate(timer);
  }
}

/** The management side: an API server that keeps everything, and a service that may be killed at any time. */
class World {
  readonly server = new FakeWorkflowServer();
  /** How often each action was really begun. */
  readonly starts = new Map<string, number>();
  /** Every report that was ever sent. */
  readonly sent: ActionStatusRequest[] = [];
  /** Reports whose agent is dead for good: with it went the connection on which they are under way. */
  readonly orphaned = new Set<ActionStatusRequest>();
  /** Actions whose agent died between its word that it begins and its word how it went: nobody can say more of them. */
  readonly abandoned = new Set<string>();
  /** Actions whose agent died while only the service knew that it was told; with how often that had been killed by then. */
  readonly doubtful = new Map<string, number>();
  /** How often the service was killed. */
  kills = 0;
  #clock = new Hurry();
  service = this.restart();

  restart(): AgentService {
    this.#clock.kill();
    this.#clock = new Hurry();
    this.kills += 1;
    this.service = new AgentService({
      cache: this.server.source(),
      client: this.server.client,
      pollSeconds: 0,
      // An action that is given up would hide whether it is handed out.
      restartedAfterSeconds: Number.POSITIVE_INFINITY,
      clock: this.#clock,
    });
    return this.service;
  }

  /** @returns whether the server took it, by an answer; the action that begins with it, if one does */
  async report(report: ActionStatusRequest, killed = false): Promise<ActionResponse | 'ok' | 'refused' | 'again'> {
    this.sent.push(report);
    if (killed) {
      const { writes } = this.server;
      void this.service.report(report, never);
      // It dies as soon as the write stands, or when there is none to come.
      for (let turn = 0; turn < 50 && this.server.writes === writes; turn++) await Promise.resolve();
      this.restart();
      return 'again';
    }
    const answer = await this.service.report(report, never);
    if (answer === undefined) return 'ok';
    if (!('code' in answer)) return answer;
    return answer.code === 'Unavailable' || answer.code === 'Internal' ? 'again' : 'refused';
  }
}

/** What agents do that differs. */
type Kind =
  /** It asks anew when the report of a start is not answered. */
  | 'original'
  /** It repeats that report, and has no journal. */
  | 'repeats'
  /** As ours: it begins the next action with the end of the one before. */
  | 'joins';

/** One step a time, so that anything can happen between two. */
class Agent {
  readonly #world: World;
  readonly #id: string;
  readonly #fails: string;
  readonly #kind: Kind;
  #action: ActionResponse | undefined;
  #phase: 'idle' | 'handed' | 'announced' | 'working' | 'ended' = 'idle';
  #killsAtBegin = 0;

  constructor(world: World, id: string, fails: string, kind: Kind) {
    this.#world = world;
    this.#id = id;
    this.#fails = fails;
    this.#kind = kind;
  }

  /** @returns whether there was anything to do */
  async step(mishap: Mishap): Promise<boolean> {
    if (this.#phase === 'idle') return await this.#ask(mishap !== 'none');
    return this.#phase === 'working' || this.#phase === 'ended' ? await this.#end(mishap) : await this.#begin(mishap);
  }

  /** @param journal what it was to report is known to the agent that follows */
  die(journal: boolean): void {
    if (journal && this.#phase === 'ended') return;
    for (const report of this.#world.sent) if (report.agentId === this.#id) this.#world.orphaned.add(report);
    if (this.#phase !== 'idle' && this.#phase !== 'handed') this.#world.abandoned.add(this.#key);
    if (this.#phase === 'ended') this.#abandonNext();
    const { workflowId = '', actionId } = this.#action ?? {};
    if (this.#phase === 'working') {
      const { unansweredStart } = this.#world.server.get(workflowId.split('/')[1] ?? '').status ?? {};
      if (unansweredStart === actionId) this.#world.doubtful.set(this.#key, this.#killsAtBegin);
    }
    this.#phase = 'idle';
  }

  /** The server may know of a start that the agent never heard of. */
  #abandonNext(): void {
    const { workflowId = '' } = this.#action ?? {};
    const tasks = this.#world.server.get(workflowId.split('/')[1] ?? '').status?.tasks ?? [];
    const begun = tasks.flatMap(({ actions }) => actions).find((action) => actionStateOf(action) === 'RUNNING');
    if (begun !== undefined) this.#world.abandoned.add(`${workflowId} ${begun.id}`);
  }

  async #ask(answerLost: boolean): Promise<boolean> {
    const answer = await this.#world.service.getAction({ agentId: this.#id, agentAttributes: undefined }, never);
    if ('code' in answer) return false;
    if (answerLost) return true;
    this.#action = answer;
    this.#phase = 'handed';
    return true;
  }

  async #begin(mishap: Mishap): Promise<boolean> {
    this.#phase = 'announced';
    const report = { ...this.#reportOf(StateType.STATE_TYPE_RUNNING), repeatsStart: this.#kind !== 'original' };
    const result = await this.#world.report(report, mishap === 'service killed');
    if (mishap !== 'none' || result === 'again') {
      // The service lives and believes to have told it: nobody can say more of it.
      const original = this.#kind === 'original';
      if (original && mishap === 'answer lost' && result === 'ok') this.#world.abandoned.add(this.#key);
      if (original) this.#phase = 'idle';
      return true;
    }
    if (result === 'ok') this.#work();
    else this.#phase = 'idle';
    return true;
  }

  #work(): void {
    this.#killsAtBegin = this.#world.kills;
    this.#phase = 'working';
    this.#world.starts.set(this.#key, (this.#world.starts.get(this.#key) ?? 0) + 1);
  }

  async #end(mishap: Mishap): Promise<boolean> {
    const failed = this.#key === this.#fails;
    const state = failed ? StateType.STATE_TYPE_FAILED : StateType.STATE_TYPE_SUCCESS;
    const joins = this.#kind === 'joins';
    if (joins) this.#phase = 'ended';
    const report = { ...this.#reportOf(state), ...(joins && !failed ? { beginsNext: true } : {}) };
    const result = await this.#world.report(report, mishap === 'service killed');
    if (mishap !== 'none' || result === 'again') return true;
    this.#phase = 'idle';
    if (typeof result === 'string') return true;
    this.#action = result;
    this.#work();
    return true;
  }

  get #key(): string {
    return `${this.#action?.workflowId} ${this.#action?.actionId}`;
  }

  #reportOf(actionState: StateType): ActionStatusRequest {
    const { workflowId, taskId, actionId, name } = this.#action ?? {};
    const times = { executionStart: undefined, executionStop: undefined };
    return {
      workflowId,
      agentId: this.#id,
      taskId,
      actionId,
      actionName: name,
      actionState,
      ...times,
      message: undefined,
      progress: undefined,
    };
  }
}

/** What goes wrong with a call that was carried out. */
type Mishap = 'none' | 'answer lost' | 'service killed';

const step = (mishap: Mishap) =>
  fc.record({ kind: fc.constant('step' as const), agent: fc.nat(1), mishap: fc.constant(mishap) });

const event = fc.oneof(
  { weight: 8, arbitrary: step('none') },
  { weight: 2, arbitrary: step('answer lost') },
  { weight: 2, arbitrary: step('service killed') },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('agent dies' as const), agent: fc.nat(1), journal: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('service dies' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late report' as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rival writes' as const), which: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('API server fails' as const),
      how: fc.constantFrom('500', 'lost', '409'),
    }),
  },
);

type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never;

const shape = fc.record({
  /** Actions a task, the tasks by turns of two agents. */
  tasks: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  second: fc.boolean(),
  fails: fc.constantFrom('', 'default/install task-1-action-2', 'default/second task-2-action-1'),
});

describe('AgentService under any interleaving', () => {
  const kinds: Record<Kind, string> = {
    original: 'agents of the original, which ask anew',
    repeats: 'agents that repeat their start',
    joins: 'agents that begin the next action with the end of the one before',
  };
  for (const [kind, agents] of Object.entries(kinds)) {
    const what = `starts no action twice, loses none, and ends with the right state: ${agents}`;
    it(what, () => check(kind as Kind)).timeout(60_000);
  }
});

async function check(kind: Kind): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shape, fc.array(event, { maxLength: 80 }), async ({ tasks, second, fails }, events) => {
      const world = new World();
      const actions = tasks.map((count) => Array(count).fill('PENDING') as string[]);
      const names = second ? ['install', 'second'] : ['install'];
      const agentIds = ['agent-1', 'agent-2', 'agent-1'];
      for (const name of names) world.server.put(fakeWorkflow({ name, actions, agents: agentIds }));
      world.restart();
      const agents = ['agent-1', 'agent-2'].map((id) => new Agent(world, id, fails, kind));
      for (const happens of events) await happen(world, agents, names, happens);
      await settle(world, agents);
      for (const [key, count] of world.starts) {
        // Both were killed within the instant before the start was confirmed: nobody can know.
        const bothDied = kind === 'original' && world.kills > (world.doubtful.get(key) ?? Number.POSITIVE_INFINITY);
        assert.ok(count === 1 || bothDied, `${key} was started ${count} times`);
      }
      for (const name of names) checkWorkflow(world, name, fails);
    }),
    { numRuns: 300 },
  );
}

async function happen(world: World, agents: Agent[], names: string[], happens: Happening): Promise<void> {
  switch (happens.kind) {
    case 'step':
      await agents[happens.agent]?.step(happens.mishap);
      return;
    case 'agent dies':
      agents[happens.agent]?.die(happens.journal);
      return;
    case 'service dies':
      world.restart();
      return;
    case 'late report': {
      const report = world.sent[happens.which % Math.max(1, world.sent.length)];
      // What is on its way for long comes from a connection that is gone; ours repeat theirs on a new one.
      if (report === undefined) return;
      const isGone = report.repeatsStart === false || world.orphaned.has(report);
      await world.service.report(report, isGone ? hungUp : never);
      return;
    }
    case 'rival writes': {
      const name = names[happens.which];
      if (name !== undefined) world.server.put(world.server.get(name), { silently: true });
      return;
    }
    case 'API server fails':
      world.server.faults.push(
        happens.how === 'lost'
          ? 'lost'
          : refusal(Number(happens.how), happens.how === '409' ? 'Conflict' : 'InternalError'),
      );
  }
}

/** Lets all go on undisturbed until nobody has anything to do. */
async function settle(world: World, agents: Agent[]): Promise<void> {
  world.server.faults.length = 0;
  for (let round = 0; round < 200; round++) {
    let idle = 0;
    for (const agent of agents) if (!(await agent.step('none'))) idle += 1;
    if (idle === agents.length) return;
  }
  throw new Error('it never comes to rest');
}

/** In every Workflow the actions went in order; what nobody can say more of, and what comes after it, waits. */
function checkWorkflow(world: World, name: string, fails: string): void {
  const { state, tasks = [] } = world.server.get(name).status ?? {};
  const actions = tasks.flatMap((task) => task.actions);
  const states = actions.map(actionStateOf);
  const first = states.findIndex((one) => one !== 'SUCCESS');
  for (const action of actions) {
    const key = `default/${name} ${action.id}`;
    if (actionStateOf(action) === 'SUCCESS') assert.ok(world.starts.has(key), `${key} was never run`);
  }
  if (first < 0) {
    assert.equal(state, 'POST');
    return;
  }
  const key = `default/${name} ${actions[first]?.id}`;
  assert.ok(
    states.slice(first + 1).every((one) => one === 'PENDING'),
    states.join(' '),
  );
  if (states[first] === 'FAILED') {
    assert.deepEqual([state, key], ['FAILED', fails]);
  } else if (states[first] === 'RUNNING') {
    assert.ok(world.abandoned.has(key), `${key} was lost: ${states.join(' ')}`);
  } else {
    // Not begun: only because another Workflow holds this agent.
    assert.ok(
      [...world.abandoned].some((other) => !other.includes(`/${name} `)),
      `${key} was lost: ${states.join(' ')}`,
    );
  }
}
