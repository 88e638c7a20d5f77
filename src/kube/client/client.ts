import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import { apiVersionOf, type Resource, resourceName } from '../../api/meta/resource.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { KubeConnectionError, type Status } from './errors.ts';
import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  GetOptions,
  JsonPatchOperation,
  KubeList,
  ListOptions,
  Selection,
  WatchOptions,
  WriteOptions,
} from './options.ts';
import { keyOf, type Query, queryString, resourcePath } from './path.ts';
import { Requester } from './requester.ts';
import type { Transport } from './transport.ts';
import { openWatch } from './watch.ts';
import type { WatchEvent } from './watch-event.ts';

/** Told about every write that the server accepted, so that caches need not wait for their watch. */
export interface WriteObserver {
  written(resource: Resource, object: KubeObject): void;
  deleted(resource: Resource, name: ObjectName, uid: string | undefined): void;
}

export interface ClientOptions {
  /** Names the program in the server's audit log. */
  userAgent?: string;
  /** Default field manager of writes. */
  fieldManager?: string;
  /** Default deadline of a call. Default 30. */
  requestTimeoutSeconds?: number;
  /**
   * Called before every attempt of a write, when nothing else stands between it and the wire; what it throws stops the
   * write (a leader that is no leader any more, say).
   */
  beforeWrite?: () => void;
  clock?: Clock;
}

interface Write {
  verb: 'create' | 'update' | 'patch';
  method: 'POST' | 'PUT' | 'PATCH';
  /** What it is about, for messages; also where it goes, unless `target` says otherwise. */
  subject: { namespace?: string | undefined; name?: string | undefined };
  target?: Parameters<typeof resourcePath>[1];
  body: object;
  contentType?: string;
}

const pageSize = 500;

/** Typed access to a Kubernetes API server. Stateless but for its connections; safe for concurrent use. */
export class Client {
  readonly #transport: Transport;
  readonly #options: ClientOptions;
  readonly #requester: Requester;
  readonly #observers: Set<WriteObserver>;

  constructor(transport: Transport, options: ClientOptions = {}, observers = new Set<WriteObserver>()) {
    this.#transport = transport;
    this.#options = options;
    this.#observers = observers;
    this.#requester = new Requester(transport, {
      userAgent: options.userAgent ?? 'capt',
      timeoutSeconds: options.requestTimeoutSeconds ?? 30,
      clock: options.clock ?? systemClock,
    });
  }

  /** A client on the same connections with other defaults; observers are shared. */
  with(options: ClientOptions): Client {
    return new Client(this.#transport, { ...this.#options, ...options }, this.#observers);
  }

  /** Registers `observer` for the writes of this client and all made from it; returns the way to take it back. */
  observe(observer: WriteObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /**
   * Throws what a write would be stopped by before it is sent. For acts outside of Kubernetes that only a leader may do and
   * that no write goes before.
   */
  assertMayWrite(): void {
    this.#options.beforeWrite?.();
  }

  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName, options: GetOptions = {}): Promise<T> {
    const { resourceVersion, subresource, ...call } = options;
    return this.#requester.json<T>({
      ...call,
      action: describe('get', resource, name),
      method: 'GET',
      path: resourcePath(resource, { ...name, subresource }) + queryString({ resourceVersion }),
    });
  }

  /** Like `get`, but answers `undefined` when there is no such object. */
  async find<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    options?: GetOptions,
  ): Promise<T | undefined> {
    try {
      return await this.get(resource, name, options);
    } catch (error) {
      if ((error as { reason?: string }).reason === 'NotFound') return undefined;
      throw error;
    }
  }

  /** Every object of the selection, page by page. `apiVersion` and `kind` are filled in: lists leave them out. */
  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<KubeList<T>> {
    const items: T[] = [];
    let resourceVersion = '';
    for await (const page of this.pages(resource, options)) {
      for (const item of page.items) items.push(item);
      resourceVersion = page.metadata.resourceVersion;
    }
    return { items, metadata: { resourceVersion } };
  }

  /**
   * The pages of a list, all of one snapshot.
   * @throws KubeError with code 410 when the snapshot is gone before the last page was read
   */
  async *pages<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): AsyncGenerator<KubeList<T>> {
    const { limit = pageSize, resourceVersion, ...rest } = options;
    const { query, call } = splitSelection(rest);
    let next: Query = { limit, resourceVersion };
    for (;;) {
      const page = await this.#requester.json<KubeList<T>>({
        ...call,
        action: describe('list', resource, options),
        method: 'GET',
        path: resourcePath(resource, { namespace: options.namespace }) + queryString({ ...query, ...next }),
      });
      for (const item of page.items) {
        item.apiVersion ??= apiVersionOf(resource);
        item.kind ??= resource.kind;
      }
      yield page;
      if (!page.metadata.continue) return;
      next = { limit, continue: page.metadata.continue };
    }
  }

  create<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace, name } = object.metadata;
    // A subresource (a token, say) is created under an object; an object is created in its collection.
    const target =
      options.subresource === undefined ? { namespace } : { namespace, name, subresource: options.subresource };
    return this.#write(
      resource,
      { verb: 'create', method: 'POST', target, subject: object.metadata, body: object },
      options,
    );
  }

  /** Replaces the object; with `metadata.resourceVersion` set only if nobody changed it since (409 otherwise). */
  update<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const write = { verb: 'update', method: 'PUT', subject: nameOf(resource, object), body: object } as const;
    return this.#write(resource, write, options);
  }

  /** JSON merge patch (RFC 7386): only the fields in `patch` are touched, `null` removes. */
  mergePatch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    patch: object,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#patch(resource, name, patch, 'merge-patch+json', options);
  }

  /** JSON patch (RFC 6902); a failed `test` operation is refused with reason `Invalid`. */
  jsonPatch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    operations: JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#patch(resource, name, operations, 'json-patch+json', options);
  }

  /** Server-side apply: `object` holds exactly the fields that `fieldManager` wants to own. */
  apply<T extends KubeObject>(
    resource: Resource<T>,
    object: { metadata: { name: string; namespace?: string } } & object,
    options: ApplyOptions,
  ): Promise<T> {
    const full = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
    return this.#patch(resource, object.metadata, full, 'apply-patch+yaml', options);
  }

  /**
   * Deletes an object.
   * @returns what is left of it when finalizers keep it, `undefined` when it is gone
   */
  async delete<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    options: DeleteOptions = {},
  ): Promise<T | undefined> {
    const { dryRun, ...rest } = options;
    const answer = await this.#requester.json<T | (Status & { metadata?: never })>({
      ...callOf(rest),
      beforeSend: this.#options.beforeWrite,
      action: describe('delete', resource, name),
      method: 'DELETE',
      path: resourcePath(resource, name),
      body: deleteBody(options),
    });
    if (answer.kind !== 'Status') {
      const object = answer as T;
      // Without finalizers some resources answer with their last state: a deletion timestamp tells that it lives on.
      const lives = object.metadata.deletionTimestamp !== undefined;
      if (!dryRun) this.#notify((observer) => lives && observer.written(resource, object));
      return lives ? object : undefined;
    }
    const { uid } = (answer as Status).details ?? {};
    if (!dryRun) this.#notify((observer) => observer.deleted(resource, name, uid));
    return undefined;
  }

  /** Deletes every object of the selection. */
  async deleteCollection(resource: Resource, selection: Selection, options: DeleteOptions = {}): Promise<void> {
    const { query } = splitSelection(selection);
    await this.#requester.json({
      ...callOf(options),
      beforeSend: this.#options.beforeWrite,
      action: describe('delete collection of', resource, selection),
      method: 'DELETE',
      path: resourcePath(resource, { namespace: selection.namespace }) + queryString(query),
      body: deleteBody(options),
    });
  }

  /**
   * Opens a watch with bookmarks, yielding the events of each chunk together.
   * @throws KubeError when the server refuses or sends an `ERROR` event; KubeConnectionError when the stream breaks
   */
  watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>[]> {
    const { query } = splitSelection(options);
    const { resourceVersion, timeoutSeconds } = options;
    const path =
      resourcePath(resource, { namespace: options.namespace }) +
      queryString({ ...query, watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds });
    return openWatch<T>(this.#requester, path, describe('watch', resource, options), options);
  }

  /** Asks for a path outside any resource, such as `/version` or `/readyz`. */
  async raw(path: string, options: CallOptions = {}): Promise<string> {
    return await this.#requester.text({ ...options, action: `get ${path}`, method: 'GET', path });
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #patch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    body: object,
    format: string,
    options: WriteOptions,
  ): Promise<T> {
    const write = {
      verb: 'patch',
      method: 'PATCH',
      subject: name,
      body,
      contentType: `application/${format}`,
    } as const;
    return this.#write(resource, write, options);
  }

  async #write<T extends KubeObject>(
    resource: Resource<T>,
    { verb, method, subject, target, body, contentType = 'application/json' }: Write,
    options: WriteOptions & { force?: boolean },
  ): Promise<T> {
    const { dryRun, fieldValidation = 'Strict', force, subresource } = options;
    const fieldManager = options.fieldManager ?? this.#options.fieldManager;
    const query = queryString({ fieldManager, fieldValidation, force, dryRun: dryRun ? 'All' : undefined });
    const written = await this.#requester.json<T>({
      ...callOf(options),
      beforeSend: this.#options.beforeWrite,
      action: describe(verb, resource, subject),
      method,
      path: resourcePath(resource, target ?? { ...subject, subresource }) + query,
      body: JSON.stringify(body),
      headers: { 'content-type': contentType },
    });
    // Other subresources (scale, token) answer with objects of their own kind.
    const whole = subresource === undefined || subresource === 'status';
    if (!dryRun && whole) this.#notify((observer) => observer.written(resource, written));
    return written;
  }

  #notify(tell: (observer: WriteObserver) => unknown): void {
    for (const observer of this.#observers) tell(observer);
  }
}

/** True when the outcome of a write is unknown: it may or may not have happened. */
export function isUncertain(error: unknown): boolean {
  return error instanceof KubeConnectionError;
}

function describe(
  verb: string,
  resource: Resource,
  name: { namespace?: string | undefined; name?: string | undefined },
): string {
  const key = keyOf(name.name === undefined ? { name: name.namespace } : name);
  return `${verb} ${resourceName(resource)}${key === '' ? '' : ` ${key}`}`;
}

function nameOf(resource: Resource, { metadata: { namespace, name } }: KubeObject): ObjectName {
  if (name === undefined) throw new TypeError(`${resource.kind}: metadata.name is missing`);
  return namespace === undefined ? { name } : { namespace, name };
}

function callOf({ signal, timeoutSeconds, maxBytes }: CallOptions): CallOptions {
  return {
    ...(signal ? { signal } : {}),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

function splitSelection(options: Selection & CallOptions): { query: Query; call: CallOptions } {
  const { labelSelector, fieldSelector } = options;
  return { query: { labelSelector, fieldSelector }, call: callOf(options) };
}

function deleteBody({ preconditions, propagationPolicy, gracePeriodSeconds, dryRun }: DeleteOptions): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions,
    propagationPolicy,
    gracePeriodSeconds,
    dryRun: dryRun ? ['All'] : undefined,
  });
}
