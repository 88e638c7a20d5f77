import { once } from 'node:events';
import { createServer, ServerError, Status } from 'nice-grpc';
import { WorkflowServiceDefinition } from '../../src/api/agent-protocol/workflow.generated.ts';

/** A server that agents ask for work, and that only notes when the first of them did. */
export class QuestionServer implements AsyncDisposable {
  readonly #grpc = createServer();
  #port = 0;
  #askedAt: number | undefined;

  static async start(): Promise<QuestionServer> {
    const server = new QuestionServer();
    server.#grpc.add(WorkflowServiceDefinition, {
      getAction: async (_request, { signal }) => {
        server.#askedAt ??= performance.now();
        // As one without work: held open.
        await once(signal, 'abort');
        throw new ServerError(Status.CANCELLED, 'gone');
      },
      reportActionStatus: async () => ({}),
    });
    server.#port = await server.#grpc.listen('127.0.0.1:0');
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** By `performance.now()`. */
  get askedAt(): number | undefined {
    return this.#askedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#grpc.forceShutdown();
  }
}
