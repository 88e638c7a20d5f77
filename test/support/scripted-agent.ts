import { setTimeout as delay } from 'node:timers/promises';
import { type Channel, ChannelCredentials, ClientError, createChannel, createClient, Status } from 'nice-grpc';
import type { Timestamp } from '../../src/api/agent-protocol/google/protobuf/timestamp.generated.ts';
import {
  type ActionResponse,
  type ActionStatusRequest,
  type AgentAttributes,
  StateType,
  type WorkflowServiceClient,
  WorkflowServiceDefinition,
} from '../../src/api/agent-protocol/workflow.generated.ts';

/** What an agent does with one action. Default: it succeeds at once. */
export interface Behaviour {
  outcome?: 'success' | 'fail' | 'timeout';
  /** How long the action takes. */
  workMs?: number;
  /** The agent is gone at this point; `run` ends with `died`, and running again is its restart. */
  dies?: 'after-get-action' | 'after-running' | 'after-work';
  /** Each report is sent so many times more. */
  duplicates?: number;
  /** After the last report the first one arrives once more. */
  lateRunning?: boolean;
  message?: string;
}

export interface ScriptedAgentOptions {
  id: string;
  /** `host:port` of the agent API; asked anew at every restart of the agent. */
  address: string | (() => string);
  /** Certificate authority (PEM) of a server with TLS. */
  ca?: string;
  attributes?: AgentAttributes;
  behave?: (action: ActionResponse) => Behaviour;
  /** Told when the last report of an action was taken. */
  onFinished?: (action: ActionResponse) => void;
  /** Wait after a call that gave nothing; grows by half up to the maximum. The original: 500 and 5,000. */
  backoffMs?: { initial: number; max: number };
  /**
   * What follows when a RUNNING report is not answered: `repeat` sends it until it is (and says that it does), as ours do;
   * `ask` begins anew with GetAction, as agents of the original do. Default `repeat`.
   */
  unansweredStart?: 'repeat' | 'ask';
}

/** Statuses after which an agent of the original never sends a report again. */
const fatal: readonly Status[] = [Status.NOT_FOUND, Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION];

const finalStates = {
  success: StateType.STATE_TYPE_SUCCESS,
  fail: StateType.STATE_TYPE_FAILED,
  timeout: StateType.STATE_TYPE_TIMEOUT,
} as const;

/** An agent that speaks the wire of tink-agent with its loop: ask, say that it begins, work, say how it went. */
export class ScriptedAgent {
  /** Names of the actions it was handed, those it began (the server had agreed), and those whose end it reported. */
  readonly handed: string[] = [];
  readonly started: string[] = [];
  readonly finished: string[] = [];
  /** Codes of calls that failed. */
  readonly refusals: Status[] = [];
  readonly #options: ScriptedAgentOptions;
  #backoffMs: number;

  constructor(options: ScriptedAgentOptions) {
    this.#options = options;
    this.#backoffMs = this.#backoff.initial;
  }

  /** Runs until `signal` aborts or a script lets the agent die. */
  async run(signal: AbortSignal): Promise<'stopped' | 'died'> {
    const { channel, client } = this.#connect();
    try {
      while (!signal.aborted) {
        const action = await this.#ask(client, signal);
        if (action === undefined) await this.#pause(signal);
        else if ((await this.#perform(client, action, signal)) === 'died') return 'died';
      }
      return 'stopped';
    } finally {
      channel.close();
    }
  }

  #connect(): { channel: Channel; client: WorkflowServiceClient } {
    const { address, ca } = this.#options;
    const credentials =
      ca === undefined ? ChannelCredentials.createInsecure() : ChannelCredentials.createSsl(Buffer.from(ca));
    const channel = createChannel(typeof address === 'string' ? address : address(), credentials, {
      // One connection an agent, as with real ones.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 500,
    });
    return { channel, client: createClient(WorkflowServiceDefinition, channel) };
  }

  async #ask(client: WorkflowServiceClient, signal: AbortSignal): Promise<ActionResponse | undefined> {
    const { id, attributes } = this.#options;
    try {
      const action = await client.getAction({ agentId: id, agentAttributes: attributes }, { signal });
      this.handed.push(action.name ?? '');
      return action;
    } catch (error) {
      this.#refused(error);
      return undefined;
    }
  }

  async #perform(client: WorkflowServiceClient, action: ActionResponse, signal: AbortSignal): Promise<'died' | 'done'> {
    const behaviour = this.#options.behave?.(action) ?? {};
    const { outcome = 'success', workMs = 0, dies, duplicates = 0, lateRunning = false } = behaviour;
    if (dies === 'after-get-action') return 'died';
    const begin = {
      ...reportOf(action, StateType.STATE_TYPE_RUNNING, 'running action'),
      ...(this.#options.unansweredStart === 'ask' ? {} : { repeatsStart: true }),
    };
    if (!(await this.#begin(client, begin, signal))) return 'done';
    for (let i = 0; i < duplicates; i++) await this.#report(client, begin, signal);
    this.started.push(action.name ?? '');
    if (dies === 'after-running') return 'died';
    const startMs = Date.now();
    if (workMs > 0) await delay(workMs, undefined, { signal }).catch(() => {});
    if (dies === 'after-work' || signal.aborted) return 'died';
    const end = {
      ...reportOf(action, finalStates[outcome], behaviour.message ?? 'action completed'),
      executionStart: timestamp(startMs),
      executionStop: timestamp(Date.now()),
      executionDuration: `${Date.now() - startMs}ms`,
    };
    for (let i = 0; i <= duplicates; i++) await this.#untilAnswered(client, end, signal);
    this.finished.push(action.name ?? '');
    this.#options.onFinished?.(action);
    if (lateRunning) await this.#report(client, begin, signal);
    this.#backoffMs = this.#backoff.initial;
    return 'done';
  }

  /** @returns whether the server agrees that the action begins */
  async #begin(client: WorkflowServiceClient, begin: ActionStatusRequest, signal: AbortSignal): Promise<boolean> {
    const { unansweredStart = 'repeat' } = this.#options;
    const status =
      unansweredStart === 'ask'
        ? await this.#report(client, begin, signal)
        : await this.#untilAnswered(client, begin, signal);
    if (status === Status.OK) return true;
    await this.#pause(signal);
    return false;
  }

  async #untilAnswered(
    client: WorkflowServiceClient,
    report: ActionStatusRequest,
    signal: AbortSignal,
  ): Promise<Status> {
    for (;;) {
      const status = await this.#report(client, report, signal);
      if (status === Status.OK || fatal.includes(status) || signal.aborted) return status;
      await this.#pause(signal);
    }
  }

  async #report(client: WorkflowServiceClient, report: ActionStatusRequest, signal: AbortSignal): Promise<Status> {
    try {
      await client.reportActionStatus(report, { signal });
      return Status.OK;
    } catch (error) {
      return this.#refused(error);
    }
  }

  #refused(error: unknown): Status {
    const status = error instanceof ClientError ? error.code : Status.CANCELLED;
    this.refusals.push(status);
    return status;
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const ms = this.#backoffMs * (0.5 + Math.random());
    this.#backoffMs = Math.min(this.#backoffMs * 1.5, this.#backoff.max);
    await delay(ms, undefined, { signal }).catch(() => {});
  }

  get #backoff(): { initial: number; max: number } {
    return this.#options.backoffMs ?? { initial: 500, max: 5000 };
  }
}

/** The zero time of Go, which agents send for "not yet". */
const zeroTime: Timestamp = { seconds: -62_135_596_800, nanos: 0 };

/** A report on `action` as an agent of the original writes it when it begins. */
export function reportOf(action: ActionResponse, state: StateType, message: string): ActionStatusRequest {
  return {
    workflowId: action.workflowId,
    agentId: action.agentId,
    taskId: action.taskId,
    actionId: action.actionId,
    actionName: action.name,
    actionState: state,
    executionStart: zeroTime,
    executionStop: zeroTime,
    executionDuration: '',
    message: { message },
    progress: undefined,
  };
}

function timestamp(ms: number): Timestamp {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}
