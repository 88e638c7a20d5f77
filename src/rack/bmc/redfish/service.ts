import type { JsonObject } from './json.ts';
import type { Change, Node } from './node.ts';
import { settingsOf, type VirtualRedfishBmcOptions, type VirtualRedfishBmcSettings } from './options.ts';
import { Refusal, refuse } from './refusal.ts';
import { Doorkeeper } from './server/doorkeeper.ts';
import { checkPrecondition, etagOf } from './server/entity-tag.ts';
import { SessionTable } from './state/session-table.ts';
import { monitorsPath, TaskTable, tasksPath } from './state/task-table.ts';
import { ResourceTree } from './tree.ts';

export interface ServiceRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: JsonObject;
}

export interface ServiceAnswer {
  status: number;
  headers: Record<string, string>;
  json?: JsonObject;
}

/** A BMC that speaks Redfish in front of machines: request in, answer out. See `VirtualRedfishBmc` for the network. */
export class RedfishService implements Disposable {
  readonly settings: VirtualRedfishBmcSettings;
  readonly sessions: SessionTable;
  readonly doorkeeper: Doorkeeper;
  readonly #tasks: TaskTable;
  readonly #tree: ResourceTree;
  #untilForgotten: number;

  constructor(options: VirtualRedfishBmcOptions) {
    const settings = settingsOf(options);
    const { clock, sessionLimit, sessionTimeoutMs } = settings;
    this.settings = settings;
    this.sessions = new SessionTable({ clock, limit: sessionLimit, timeoutMs: sessionTimeoutMs });
    this.doorkeeper = new Doorkeeper(settings, this.sessions);
    this.#tasks = new TaskTable(clock);
    this.#tree = new ResourceTree(settings, this.sessions, this.#tasks, this.doorkeeper);
    this.#untilForgotten = settings.faults.forgetsSessionsAfter;
  }

  /** Answers a request; never throws for what it says. */
  answer(request: ServiceRequest): ServiceAnswer {
    try {
      return this.#answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, headers: error.headers, json: error.body };
    }
  }

  /** Stops its tasks. */
  [Symbol.dispose](): void {
    this.#tasks[Symbol.dispose]();
  }

  #answer(request: ServiceRequest): ServiceAnswer {
    const { method, path } = request;
    const node = this.#tree.find(path);
    this.#admit(request, node);
    this.#strike();
    if (node === undefined) throw refuse.missing(path);
    if (method === 'GET' || method === 'HEAD') return this.#read(path, node);
    const change = this.#changeOf(request, node);
    if (change.deferrable && this.settings.quirks.tasks !== 'none') return this.#defer(change);
    change.apply();
    // 200 comes with the resource as it is now; clients rely on that (DSP0266 §7.5).
    const json = change.json ?? (method === 'PATCH' && change.status === 200 ? node.get?.() : undefined);
    return { status: change.status, headers: change.headers ?? {}, ...(json ? { json } : {}) };
  }

  #admit({ method, headers }: ServiceRequest, node: Node | undefined): void {
    if (node?.publicMethods?.includes(method)) return;
    if (this.doorkeeper.recognise(headers) === undefined) throw refuse.login();
    if (this.#untilForgotten > 0 && --this.#untilForgotten === 0) {
      this.#untilForgotten = this.settings.faults.forgetsSessionsAfter;
      this.sessions.forget();
    }
  }

  /** Busy at times. */
  #strike(): void {
    const { faults, quirks, dice } = this.settings;
    if (faults.busyChance === 0) return;
    if (dice === undefined) throw new TypeError('a fault with a chance needs dice');
    if (!dice.chance(faults.busyChance)) return;
    throw new Refusal({
      status: 503,
      id: 'ServiceTemporarilyUnavailable',
      message: 'The service is temporarily unavailable.',
      headers: quirks.retryAfter === undefined ? {} : { 'retry-after': quirks.retryAfter },
    });
  }

  #read(path: string, node: Node): ServiceAnswer {
    if (node.get === undefined) throw refuse.method(allowOf(node));
    const json = node.get();
    const isMonitor = path.startsWith(monitorsPath);
    const runs = this.#tasks.isRunning(path.slice(path.lastIndexOf('/') + 1));
    const etag = etagOf(json, this.settings);
    return { status: isMonitor && runs ? 202 : 200, headers: { etag }, json: { ...json, '@odata.etag': etag } };
  }

  #changeOf({ method, headers, body }: ServiceRequest, node: Node): Change {
    const change = this.#handlerOf(method, node);
    if (method === 'PATCH' && node.get !== undefined) {
      const ifMatch = headers['if-match'];
      checkPrecondition(typeof ifMatch === 'string' ? ifMatch : undefined, node.get(), this.settings);
    }
    return change(body);
  }

  #handlerOf(method: string, node: Node): (body: JsonObject) => Change {
    if (method === 'PATCH' && node.patch !== undefined)
      return (body) => (node.patch as NonNullable<Node['patch']>)(body);
    if (method === 'POST' && node.post !== undefined) return (body) => (node.post as NonNullable<Node['post']>)(body);
    if (method === 'DELETE' && node.delete !== undefined) return () => (node.delete as NonNullable<Node['delete']>)();
    throw refuse.method(allowOf(node));
  }

  #defer(change: Change): ServiceAnswer {
    const { quirks } = this.settings;
    const id = this.#tasks.start(quirks.taskMs, quirks.failsTasks, change.apply);
    const base = quirks.tasks === 'monitor' ? monitorsPath : tasksPath;
    return { status: 202, headers: { location: `${base}/${id}` }, json: this.#tasks.describe(id) ?? {} };
  }
}

function allowOf(node: Node): string {
  const methods = [node.get && 'GET, HEAD', node.patch && 'PATCH', node.post && 'POST', node.delete && 'DELETE'];
  return methods.filter((method) => method !== undefined).join(', ');
}
