import type { KubeObject } from '../../api/meta/object.ts';
import { Client } from '../client/client.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import type { TransportRequest } from '../client/transport.ts';
import { equalJson } from './json.ts';
import { applyMergePatch } from './merge-patch.ts';

/**
 * An API server with one object, for tests: merge patches with the resourceVersion precondition, the status subresource,
 * and other writers that get in between.
 */
export class FakeObjectServer<T extends KubeObject> {
  object: T | undefined;
  readonly transport = new FakeTransport((request) => this.#answer(request));
  readonly client = new Client(this.transport);
  readonly #rivals: ((object: T) => void)[] = [];

  constructor(object: T) {
    this.object = { ...object, metadata: { uid: 'uid-1', resourceVersion: '1', ...object.metadata } };
  }

  /** The state a client has read. */
  get copy(): T {
    return structuredClone(this.#present());
  }

  /** Merge patches that came in. */
  get patches(): { path: string; body: Record<string, unknown> }[] {
    return this.transport.requests
      .filter(({ method }) => method === 'PATCH')
      .map(({ path, body }) => ({ path: path.split('?', 1)[0] ?? '', body: JSON.parse(body ?? '{}') }));
  }

  /** Before the next write that is not yet beaten, another writer changes the object. */
  rival(change: (object: T) => void): void {
    this.#rivals.push(change);
  }

  #answer(request: TransportRequest): FakeAnswer {
    if (request.method === 'PATCH') this.#letRivalIn();
    if (this.object === undefined) return refusal(404, 'NotFound');
    return request.method === 'PATCH' ? this.#patch(request) : { body: this.object };
  }

  #patch({ path, body }: TransportRequest): FakeAnswer {
    const object = this.#present();
    const patch = JSON.parse(body ?? '{}') as Partial<KubeObject>;
    const { resourceVersion, uid } = patch.metadata ?? {};
    if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
      return refusal(409, 'Conflict');
    }
    if (uid !== undefined && uid !== object.metadata.uid) return refusal(422, 'Invalid');
    this.object = this.#afterPatch(object, patch, path.includes('/status'));
    const answer = this.object;
    const { deletionTimestamp, finalizers = [] } = answer.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) this.object = undefined;
    return { body: answer };
  }

  #afterPatch(object: T, patch: Partial<KubeObject>, status: boolean): T {
    const patched = applyMergePatch(object, patch) as T & { status?: unknown };
    const whole = object as T & { status?: unknown };
    const next = status
      ? { ...whole, status: patched.status }
      : { ...patched, ...(whole.status === undefined ? {} : { status: whole.status }) };
    return equalJson(next, object) ? object : (bump(next) as T);
  }

  #letRivalIn(): void {
    const rival = this.#rivals.shift();
    if (rival === undefined || this.object === undefined) return;
    const changed = structuredClone(this.object);
    rival(changed);
    this.object = bump(changed);
  }

  #present(): T {
    if (this.object === undefined) throw new Error('the object is gone');
    return this.object;
  }
}

function bump<O extends KubeObject>(object: O): O {
  const resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

function refusal(code: number, reason: string): FakeAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, reason, message: `${reason} by the fake` } };
}
