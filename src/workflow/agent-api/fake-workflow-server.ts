import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { Store } from '../../kube/cache/store.ts';
import { Client } from '../../kube/client/client.ts';
import { KubeConnectionError } from '../../kube/client/errors.ts';
import { type FakeAnswer, FakeTransport } from '../../kube/client/fake-transport.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { TransportRequest } from '../../kube/client/transport.ts';
import { applyMergePatch } from '../../kube/objects/merge-patch.ts';
import { workflowIndexes } from './agent-index.ts';
import type { SyncedWorkflowSource } from './workflow-source.ts';

/** An API server with Workflows and a cache of them, in memory: statuses are written with the resourceVersion precondition. */
export class FakeWorkflowServer {
  readonly transport = new FakeTransport((request) => this.#answer(request));
  readonly client = new Client(this.transport);
  /** What becomes of the next requests: `lost` is carried out, but the answer never comes. */
  readonly faults: ('fine' | 'lost' | FakeAnswer)[] = [];
  /** Writes of a status that were accepted. */
  writes = 0;
  readonly #objects = new Map<string, Workflow>();
  readonly #stores = new Set<Store<Workflow>>();
  #version = 1;

  constructor(...workflows: Workflow[]) {
    for (const workflow of workflows) this.put(workflow);
  }

  /** A cache that has everything the server has; what changes later it learns at once. */
  source(): SyncedWorkflowSource {
    const store = new Store<Workflow>({ indexes: workflowIndexes });
    store.replace(structuredClone([...this.#objects.values()]), String(this.#version));
    this.#stores.add(store);
    return {
      synced: Promise.resolve(),
      hasSynced: true,
      get: (name) => store.get(keyOf(name)),
      byIndex: (index, value) => store.byIndex(index, value),
      subscribe: (listener) => store.subscribe(listener),
    };
  }

  get(name: string, namespace = 'default'): Workflow {
    const found = this.#objects.get(keyOf({ namespace, name }));
    if (found === undefined) throw new Error(`no Workflow ${name}`);
    return found;
  }

  /** Creates a Workflow, or changes it as another writer would; `silently`: before any cache hears of it. */
  put(workflow: Workflow, options: { silently?: boolean } = {}): Workflow {
    const metadata = { ...workflow.metadata, resourceVersion: String(++this.#version) };
    const object = { ...workflow, metadata };
    this.#objects.set(keyOf(metadata), object);
    if (options.silently) return object;
    for (const store of this.#stores) store.apply({ type: 'MODIFIED', object: structuredClone(object) });
    return object;
  }

  delete(name: string, namespace = 'default'): void {
    const object = this.get(name, namespace);
    this.#objects.delete(keyOf(object.metadata));
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    for (const store of this.#stores) store.apply({ type: 'DELETED', object: { ...object, metadata } });
  }

  #answer(request: TransportRequest): FakeAnswer {
    const fault = this.faults.shift() ?? 'fine';
    if (typeof fault === 'object') return fault;
    const answer = this.#carryOut(request);
    if (fault === 'lost') throw new KubeConnectionError(request.method, 'reset by the fake');
    return answer;
  }

  #carryOut({ method, path, body }: TransportRequest): FakeAnswer {
    const [, namespace = '', name = ''] = /namespaces\/([^/]+)\/workflows\/([^/?]+)/.exec(path) ?? [];
    const object = this.#objects.get(keyOf({ namespace, name }));
    if (object === undefined) return refusal(404, 'NotFound');
    if (method === 'GET') return { body: object };
    const sent = JSON.parse(body ?? '{}') as Workflow;
    if (sent.metadata.resourceVersion !== object.metadata.resourceVersion) return refusal(409, 'Conflict');
    this.writes += 1;
    const status = method === 'PUT' ? sent.status : applyMergePatch(object.status, sent.status);
    return { body: this.put({ ...object, status } as Workflow) };
  }
}

export function refusal(code: number, reason: string): FakeAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, reason, message: `${reason} by the fake` } };
}
