import type {
  ActionRequest,
  ActionResponse,
  ActionStatusRequest,
} from '../../api/agent-protocol/workflow.generated.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { agentIndex, agentsOf } from './agent-index.ts';
import { AttributesRecorder } from './attributes-recorder.ts';
import { checkId, maxAgentIdBytes } from './limits.ts';
import type { Caller, Newcomers } from './newcomers.ts';
import { type NextAction, nextAction } from './next-action.ts';
import { ProgressRecorder } from './progress-recorder.ts';
import type { Refusal } from './refusal.ts';
import { type Report, readReport } from './report.ts';
import { ReportRecorder } from './report-recorder.ts';
import { type WaitEnd, WaitingAgents } from './waiting-agents.ts';
import type { WorkflowSource } from './workflow-source.ts';

export interface AgentServiceOptions {
  /** Of the same family as `client`, so that it sees our writes at once. */
  cache: WorkflowSource;
  /** For writes; one that is fenced by leadership where there is an election. */
  client: Client;
  /** How long an agent without work is kept waiting. Default 60. */
  pollSeconds?: number;
  /** Agents that may wait at the same time. Default 20,000. */
  maxWaitingAgents?: number;
  /** Reports that may be under way at the same time. Default 1,000. */
  maxReports?: number;
  /** How long after the answer to a start its agent counts as told, should this process be killed. Default 0.5. */
  startConfirmSeconds?: number;
  /**
   * How long an agent waits for work while an action of its own is under way, until it counts as one that was started anew,
   * with its machine for instance, and the action as failed; Infinity: never. Default 15.
   */
  restartedAfterSeconds?: number;
  /** How often the progress of a Workflow is written at most. Default 5. */
  progressSeconds?: number;
  /** What becomes of agents that no Workflow concerns. Default: they wait. */
  newcomers?: Newcomers;
  clock?: Clock;
  /** Shared by all who write Workflows in this process, so that they do not lose races against each other. */
  mutex?: KeyedMutex;
}

/** The two calls of agents, without the wire: answers are values, refusals too. */
export class AgentService {
  readonly #options: AgentServiceOptions;
  readonly #clock: Clock;
  readonly #waiting: WaitingAgents;
  readonly #recorder: ReportRecorder;
  readonly #progress: ProgressRecorder;
  readonly #attributes: AttributesRecorder;
  #polls = 0;
  #reports = 0;

  constructor(options: AgentServiceOptions) {
    const { client, clock = systemClock, mutex = new KeyedMutex() } = options;
    this.#options = options;
    this.#clock = clock;
    this.#waiting = new WaitingAgents(clock);
    this.#recorder = new ReportRecorder({ ...options, clock, mutex, onUnheard: (id) => this.#waiting.wake(id) });
    this.#progress = new ProgressRecorder({ ...options, clock, mutex });
    this.#attributes = new AttributesRecorder(client);
  }

  /** Agents that wait for work. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Wakes agents when what concerns them changes. @returns the way to stop listening */
  listen(): () => void {
    return this.#options.cache.subscribe(({ object, old }) => {
      for (const agent of agentsOf(object)) this.#waiting.wake(agent);
      if (old !== undefined) for (const agent of agentsOf(old)) this.#waiting.wake(agent);
    });
  }

  /** The next action of the agent, as soon as there is one. */
  async getAction(request: ActionRequest, gone: AbortSignal): Promise<ActionResponse | Refusal> {
    const caller = { id: request.agentId ?? '', attributes: request.agentAttributes };
    const refusal = checkId(caller.id, 'invalid Agent ID', maxAgentIdBytes);
    if (refusal !== undefined) return refusal;
    let next = this.#next(caller.id);
    if (next.kind === 'wait') {
      const { restartedAfterSeconds = 15 } = this.#options;
      const restarted = () => void this.#endUnderWay(caller.id, gone);
      // An agent that only waits costs no timer.
      const counts = next.underWay !== undefined && Number.isFinite(restartedAfterSeconds);
      const cancel = counts ? this.#clock.after(restartedAfterSeconds * 1000, restarted) : () => undefined;
      next = await this.#poll(caller, gone).finally(cancel);
    }
    if (next.kind === 'wait') return { code: next.code, reason: next.reason };
    const { workflow, turn, response } = next;
    if (turn.action === workflow.status?.tasks?.[0]?.actions[0]) this.#attributes.met(workflow, caller.attributes);
    return response;
  }

  /** @returns nothing when the report is recorded, or was before; the action that the agent begins with the answer, if any */
  async report(request: ActionStatusRequest, gone: AbortSignal): Promise<Refusal | ActionResponse | undefined> {
    const read = readReport(request);
    if ('code' in read) return read;
    if (read.report.progress !== undefined) return this.#progress.take(read.workflow, read.report);
    if (this.#reports >= (this.#options.maxReports ?? 1000)) {
      return { code: 'ResourceExhausted', reason: 'too many reports are under way' };
    }
    this.#reports += 1;
    try {
      return await this.#recorder.record(read.workflow, read.report, gone);
    } finally {
      this.#reports -= 1;
    }
  }

  /** Answers all who wait, now and from now on; resolves when nothing is under way that nobody waits for. */
  async stop(): Promise<void> {
    this.#waiting.stop();
    this.#progress.stop();
    await Promise.all([this.#attributes.settled(), this.#recorder.stop()]);
  }

  #next(agentId: string): NextAction {
    return nextAction(this.#options.cache.byIndex(agentIndex, agentId), agentId, {
      nowMs: this.#clock.now(),
      told: (workflow, actionId) => this.#recorder.told(workflow, actionId),
    });
  }

  /**
   * Ends the action of an agent that has nothing to do: it runs no more, and nobody else would ever report its end. It is
   * not done again, for it may be half through; what follows is decided where the Workflow was made.
   */
  async #endUnderWay(agentId: string, gone: AbortSignal): Promise<void> {
    const next = this.#next(agentId);
    if (next.kind !== 'wait' || next.underWay === undefined) return;
    const { namespace = '', name = '' } = next.underWay.workflow.metadata;
    const cause = 'its agent asks for work, so it was started anew, or its machine was';
    const { message, code } = new CaptError('ACTION_INTERRUPTED', { cause });
    const report: Report = {
      agentId,
      actionId: next.underWay.action.id,
      state: 'FAILED',
      stopMs: this.#clock.now(),
      message: `${message} [${code}]`,
    };
    await this.#recorder.record({ namespace, name }, report, gone);
  }

  async #poll(caller: Caller, gone: AbortSignal): Promise<NextAction> {
    const { maxWaitingAgents = 20_000 } = this.#options;
    // One that asks again takes the place it has.
    if (this.#polls >= maxWaitingAgents && !this.#waiting.has(caller.id)) {
      return { kind: 'wait', code: 'ResourceExhausted', reason: 'too many agents are waiting' };
    }
    this.#polls += 1;
    try {
      return await this.#await(caller, gone);
    } finally {
      this.#polls -= 1;
    }
  }

  async #await(caller: Caller, gone: AbortSignal): Promise<NextAction> {
    const endMs = this.#clock.monotonic() + (this.#options.pollSeconds ?? 60) * 1000;
    const refusal = await this.#welcome(caller, gone);
    if (refusal !== undefined) return { kind: 'wait', ...refusal };
    for (;;) {
      const next = this.#next(caller.id);
      if (next.kind === 'action') return next;
      const end = await this.#waiting.wait(caller.id, endMs - this.#clock.monotonic(), gone);
      if (end === 'expired') return next;
      if (end !== 'woken') return { kind: 'wait', ...ends[end] };
    }
  }

  /** A newcomer is met before it waits; whatever fails there, it waits like any other. */
  async #welcome(caller: Caller, gone: AbortSignal): Promise<Refusal | undefined> {
    const { newcomers, cache } = this.#options;
    if (newcomers === undefined || cache.byIndex(agentIndex, caller.id).length > 0) return undefined;
    try {
      return await newcomers.met(caller, gone);
    } catch (error) {
      runtimeWarning.publish({ what: 'meeting an unknown agent', error });
      return undefined;
    }
  }
}

const ends: Record<Exclude<WaitEnd, 'woken' | 'expired'>, Refusal> = {
  replaced: { code: 'Unavailable', reason: 'the agent asked again' },
  stopped: { code: 'Unavailable', reason: 'server shutting down' },
  gone: { code: 'Unavailable', reason: 'the agent hung up' },
};
