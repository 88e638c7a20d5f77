import {
  type CallOptions,
  type Channel,
  ChannelCredentials,
  ClientError,
  createChannel,
  createClient,
  Status,
} from 'nice-grpc';
import {
  type ActionResponse,
  type AgentAttributes,
  type WorkflowServiceClient,
  WorkflowServiceDefinition,
} from '../../api/agent-protocol/workflow.generated.ts';
import { messageOf } from '../../api/errors/capt-error.ts';
import type { Clock } from '../../api/time/clock.ts';
import type { ActionReport, Asked, Told, WorkflowServer } from '../loop/workflow-server.ts';
import { handedAction, reportMessage } from './messages.ts';

export interface GrpcServerOptions {
  /** `host:port` */
  readonly address: string;
  readonly agentId: string;
  readonly attributes?: AgentAttributes;
  readonly tls?: TlsOptions;
  readonly clock: Clock;
  /** The server holds a question open while it has no work, the original for 60 s. Default 120. */
  readonly askSeconds?: number;
  /** The original tries for 60 s to write a report. Default 90; a report on progress has 5. */
  readonly tellSeconds?: number;
}

/** All in PEM. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of the built-in ones. */
  readonly ca?: Buffer;
  /** What the agent shows the server. */
  readonly identity?: { readonly certificate: Buffer; readonly key: Buffer };
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

const channelOptions = {
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 5000,
  // The proxy that may stand in the environment is for images; the server is on the network of the machines.
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
};

const progressSeconds = 5;

/** A server that speaks Tinkerbell's protocol: ours or the original. */
export class GrpcServer implements WorkflowServer {
  readonly #options: GrpcServerOptions;
  #connection: { channel: Channel; client: WorkflowServiceClient } | undefined;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
  }

  async ask(signal: AbortSignal): Promise<Asked> {
    const { agentId, attributes, askSeconds = 120 } = this.#options;
    try {
      const response = await this.#call(askSeconds, signal, (client, options) =>
        client.getAction({ agentId, agentAttributes: attributes }, options),
      );
      return askedOf(response, agentId);
    } catch (error) {
      const { code, reason } = failureOf(error);
      const idle = code === Status.NOT_FOUND || code === Status.FAILED_PRECONDITION;
      return { kind: idle ? 'none' : 'failed', reason };
    }
  }

  async tell(report: ActionReport, signal: AbortSignal): Promise<Told> {
    const { tellSeconds = 90 } = this.#options;
    const seconds = report.progress === undefined ? tellSeconds : progressSeconds;
    try {
      const { next } = await this.#call(seconds, signal, (client, options) =>
        client.reportActionStatus(reportMessage(report), options),
      );
      return takenOf(next, this.#options.agentId);
    } catch (error) {
      return toldOf(error);
    }
  }

  close(): void {
    this.#connection?.channel.close();
    this.#connection = undefined;
  }

  async #call<T>(
    seconds: number,
    signal: AbortSignal,
    call: (client: WorkflowServiceClient, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController();
    const cancel = this.#options.clock.after(seconds * 1000, () => late.abort());
    try {
      return await call(this.#client(), { signal: AbortSignal.any([signal, late.signal]) });
    } catch (error) {
      if (!late.signal.aborted || signal.aborted) throw error;
      // The other end may be gone without a word, which TCP finds out after a quarter of an hour: begin anew.
      this.close();
      throw new Error(`no answer within ${seconds} s`);
    } finally {
      cancel();
    }
  }

  #client(): WorkflowServiceClient {
    this.#connection ??= this.#connect();
    return this.#connection.client;
  }

  #connect(): { channel: Channel; client: WorkflowServiceClient } {
    const channel = createChannel(this.#options.address, credentialsOf(this.#options.tls), channelOptions);
    return { channel, client: createClient(WorkflowServiceDefinition, channel) };
  }
}

function credentialsOf(tls: TlsOptions | undefined): ChannelCredentials {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  const { ca = null, identity, insecure = false } = tls;
  return ChannelCredentials.createSsl(ca, identity?.key ?? null, identity?.certificate ?? null, {
    rejectUnauthorized: !insecure,
  });
}

function askedOf(response: ActionResponse, agentId: string): Asked {
  const action = handedAction(response, agentId);
  return typeof action === 'string'
    ? { kind: 'failed', reason: `the server hands out an action that makes no sense: ${action}` }
    : { kind: 'action', action };
}

/** What follows counts as begun: what makes no sense of it ends by its time limit, and is not asked for again. */
function takenOf(next: ActionResponse | undefined, agentId: string): Told {
  const action = next && handedAction(next, agentId);
  return typeof action === 'object' ? { kind: 'taken', next: action } : { kind: 'taken' };
}

function toldOf(error: unknown): Told {
  const { code, reason } = failureOf(error);
  switch (code) {
    case Status.NOT_FOUND:
      return { kind: 'refused', reason, gone: true };
    case Status.INVALID_ARGUMENT:
    case Status.FAILED_PRECONDITION:
      return { kind: 'refused', reason, gone: false };
    case Status.INTERNAL:
      // What the original says of a Workflow that was deleted.
      if (/error getting workflow:.*not found/.test(reason)) return { kind: 'refused', reason, gone: true };
      return { kind: 'unanswered', reason };
    default:
      return { kind: 'unanswered', reason };
  }
}

function failureOf(error: unknown): { code?: Status; reason: string } {
  if (!(error instanceof ClientError)) return { reason: messageOf(error) };
  const text = error.details.slice(0, 300).replaceAll(/[^\x20-\x7e]+/g, ' ');
  return { code: error.code, reason: `${Status[error.code]}: ${text}` };
}
