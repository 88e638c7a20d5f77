import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { Cache } from '../../src/kube/cache/cache.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { AgentApiServer, type AgentApiServerOptions } from '../../src/workflow/agent-api/agent-api-server.ts';
import { workflowIndexes } from '../../src/workflow/agent-api/agent-index.ts';
import { type FakeWorkflowOptions, fakeWorkflow } from '../../src/workflow/agent-api/fake-workflow.ts';

/** An agent API over the Workflows of one namespace, on a free port of the loopback. */
export class AgentApiRig implements AsyncDisposable {
  readonly server: AgentApiServer;
  readonly cache: Cache<Workflow>;
  readonly #stopServer = new AbortController();
  readonly #stopCache = new AbortController();
  readonly #runs: Promise<void>[];

  private constructor(client: Client, namespace: string, options: Partial<AgentApiServerOptions>, ready: () => void) {
    this.cache = new Cache(client, Workflow, { selection: { namespace }, indexes: workflowIndexes });
    this.server = new AgentApiServer({ host: '127.0.0.1', port: 0, client, cache: this.cache, ...options });
    this.#runs = [this.cache.run(this.#stopCache.signal), this.server.run(this.#stopServer.signal, ready)];
  }

  static async start(
    client: Client,
    namespace: string,
    options: Partial<AgentApiServerOptions> = {},
  ): Promise<AgentApiRig> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const rig = new AgentApiRig(client, namespace, options, resolve);
    try {
      await Promise.race([promise, rig.#runs[1]]);
    } catch (error) {
      rig.#stopCache.abort();
      throw error;
    }
    return rig;
  }

  get address(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** Stops in good order: the agents first. */
  async stop(): Promise<void> {
    this.#stopServer.abort();
    await this.#runs[1];
    this.#stopCache.abort();
    await this.#runs[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Creates a Workflow with the status it would have after rendering, without anybody rendering it. */
export async function createRendered(client: Client, options: FakeWorkflowOptions): Promise<Workflow> {
  const { status, metadata, ...workflow } = fakeWorkflow(options) as Workflow & { status: object };
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...own } = metadata;
  const created = await client.create(Workflow, { ...workflow, metadata: own });
  const { namespace = '', name = '' } = created.metadata;
  return await client.mergePatch(Workflow, { namespace, name }, { status }, { subresource: 'status' });
}
