import type { Lease } from '../../api/coordination/lease.ts';
import { KubeConnectionError } from '../client/errors.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import type { TransportRequest } from '../client/transport.ts';

/** What happens to a request of one client: with `answers lost` writes are carried out and look failed. */
export type FakeLink = 'up' | 'down' | 'hanging' | 'answers lost';

/** The lease part of an API server in memory, with optimistic locking, and a link to it per client that can fail. */
export class FakeLeases {
  lease: Lease | undefined;
  #resourceVersion = 0;

  /** A connection to this server, as good as `link` says at the time of each request. */
  connect(link: () => FakeLink = () => 'up'): FakeTransport {
    return new FakeTransport((request) => {
      const state = link();
      if (state === 'hanging') return new Promise<never>(() => {});
      if (state === 'down') throw new KubeConnectionError('lease', 'connect ECONNREFUSED');
      const answer = this.answer(request);
      if (state === 'answers lost' && request.method !== 'GET')
        throw new KubeConnectionError('lease', 'socket hang up');
      return answer;
    });
  }

  /** Changes the lease as somebody else would. */
  edit(change: (lease: Lease) => void): void {
    if (this.lease === undefined) throw new Error('there is no lease to edit');
    const copy = structuredClone(this.lease);
    change(copy);
    this.#store(copy);
  }

  /** What the server answers. */
  answer({ method, body }: TransportRequest): FakeAnswer {
    const sent = body === undefined ? undefined : (JSON.parse(body) as Lease);
    if (method === 'GET') return this.lease === undefined ? refusal(404, 'NotFound') : { body: this.lease };
    if (sent === undefined) return refusal(400, 'BadRequest');
    if (method === 'POST') return this.lease === undefined ? this.#store(sent, 201) : refusal(409, 'AlreadyExists');
    if (this.lease === undefined) return refusal(404, 'NotFound');
    const stale = sent.metadata.resourceVersion !== this.lease.metadata.resourceVersion;
    return stale ? refusal(409, 'Conflict') : this.#store(sent);
  }

  #store(lease: Lease, status = 200): FakeAnswer {
    this.#resourceVersion += 1;
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: String(this.#resourceVersion) } };
    return { status, body: this.lease };
  }
}

function refusal(code: number, reason: string): FakeAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, reason, message: reason } };
}
