import { createSecureContext } from 'node:tls';
import { logVerbosity, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { createServer, type Server } from 'nice-grpc';
import { WorkflowServiceDefinition } from '../../api/agent-protocol/workflow.generated.ts';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Runnable } from '../../kube/manager/runnable.ts';
import { agentHandlers } from './agent-handlers.ts';
import { AgentService, type AgentServiceOptions } from './agent-service.ts';
import type { SyncedWorkflowSource } from './workflow-source.ts';

export interface AgentApiServerOptions extends AgentServiceOptions {
  /** With the indexes `workflowIndexes`, and of the same family as `client`, so that it sees our writes at once. */
  cache: SyncedWorkflowSource;
  /** Default: all IPv4 addresses of the machine. */
  host?: string;
  /** 0 for any that is free. Default 42113, which agents expect. */
  port?: number;
  /** What sets the port, for the message that it is taken. Default `--tink-server-bind-port`. */
  portOption?: string;
  /**
   * Serve over TLS with this certificate (PEM). With `clientCa` only agents whose certificate it has signed are served.
   * Default: in the clear, as agents expect.
   */
  tls?: { cert: string; key: string; clientCa?: string };
  /** Largest message of an agent; its attributes are what takes room. Default 1024. */
  maxMessageKibibytes?: number;
  /** An agent whose connection is silent is asked whether it lives. Default 60. */
  keepaliveSeconds?: number;
  /** How long a stop waits for reports under way. Default 5. */
  closeTimeoutSeconds?: number;
}

/** A proxy may put many agents on one connection, but not endlessly many. */
const maxStreams = 1000;

/** A connection on which nobody asks anything is let go. */
const maxIdleMs = 10 * 60 * 1000;

/** Serves `proto.WorkflowService` to agents. Runs once. */
export class AgentApiServer implements Runnable {
  readonly name = 'agent API';
  readonly #options: AgentApiServerOptions;
  readonly #clock: Clock;
  readonly #service: AgentService;
  #port: number | undefined;

  constructor(options: AgentApiServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#service = new AgentService(options);
  }

  /** Where it listens; `undefined` while it does not. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Agents that wait for work. */
  get waiting(): number {
    return this.#service.waiting;
  }

  waitingFor(): string | undefined {
    return this.#options.cache.hasSynced ? undefined : 'the first list of Workflows';
  }

  /**
   * Serves from when the Workflows are known until `signal` aborts; agents that wait are then told to come again, and
   * reports under way are still recorded.
   * @throws CaptError PORT_IN_USE, LISTEN_FAILED, SERVING_CERTIFICATE_UNUSABLE
   */
  async run(signal: AbortSignal, ready: () => void = () => {}): Promise<void> {
    const credentials = this.#credentials();
    if (!(await this.#synced(signal))) return;
    // It writes to stderr on its own what we throw or publish.
    setLogVerbosity(logVerbosity.NONE);
    const server = createServer(this.#channelOptions());
    server.add(WorkflowServiceDefinition, agentHandlers(this.#service, this.#clock));
    const stopListening = this.#service.listen();
    try {
      this.#port = await this.#listen(server, credentials);
      ready();
      await aborted(signal);
    } finally {
      this.#port = undefined;
      await this.#close(server);
      stopListening();
    }
  }

  /** Without the first list every agent would be unknown. */
  async #synced(signal: AbortSignal): Promise<boolean> {
    const { cache } = this.#options;
    await Promise.race([cache.synced.catch(() => {}), aborted(signal)]);
    return !signal.aborted && cache.hasSynced;
  }

  #credentials(): ServerCredentials {
    const { tls } = this.#options;
    if (tls === undefined) return ServerCredentials.createInsecure();
    try {
      const { cert, key, clientCa } = tls;
      // What is wrong with a certificate shows only here; gRPC would fail at the first connection.
      createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
      const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
      const authorities = clientCa === undefined ? null : Buffer.from(clientCa);
      return ServerCredentials.createSsl(authorities, [pair], authorities !== null);
    } catch (cause) {
      const details = { files: 'of the agent API', cause: messageOf(cause) };
      throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', details, { cause });
    }
  }

  #channelOptions() {
    const { maxMessageKibibytes = 1024, keepaliveSeconds = 60 } = this.#options;
    return {
      'grpc.max_receive_message_length': maxMessageKibibytes * 1024,
      'grpc.keepalive_time_ms': keepaliveSeconds * 1000,
      'grpc.keepalive_timeout_ms': 20_000,
      'grpc.max_concurrent_streams': maxStreams,
      'grpc.max_connection_idle_ms': maxIdleMs,
      // Nobody asks it, and it costs a KiB for each connection.
      'grpc.enable_channelz': 0,
    };
  }

  async #listen(server: Server, credentials: ServerCredentials): Promise<number> {
    const { host = '0.0.0.0', port = 42113, portOption: option = '--tink-server-bind-port' } = this.#options;
    try {
      return await server.listen(`${host.includes(':') ? `[${host}]` : host}:${port}`, credentials);
    } catch (cause) {
      const code = messageOf(cause).includes('EADDRINUSE') ? 'PORT_IN_USE' : 'LISTEN_FAILED';
      throw new CaptError(code, { port, address: host, option, cause: messageOf(cause) }, { cause });
    }
  }

  async #close(server: Server): Promise<void> {
    const waited = new AbortController();
    const closed = Promise.all([this.#service.stop(), server.shutdown()]).finally(() => waited.abort());
    closed.catch(() => {});
    await sleep(this.#clock, (this.#options.closeTimeoutSeconds ?? 5) * 1000, waited.signal);
    server.forceShutdown();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
