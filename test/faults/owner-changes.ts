import { ownerNameLabel } from '../../src/api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../src/kube/client/client.ts';

/**
 * Looks at every version that a namespace's Hardware ever had: an owner may come to a host that has none, and go; one may
 * never follow another.
 */
export class OwnerChanges implements AsyncDisposable {
  readonly violations: string[] = [];
  /** How often a host got an owner. */
  claims = 0;
  readonly #owners = new Map<string, string | undefined>();
  readonly #stop = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  /** Looks at the Hardware that is there, and from then on at each change. */
  static async start(client: Client, namespace: string): Promise<OwnerChanges> {
    const changes = new OwnerChanges();
    const { items, metadata } = await client.list(Hardware, { namespace });
    for (const hardware of items) changes.#see(hardware);
    changes.#watching = changes.#watch(client, namespace, metadata.resourceVersion ?? '');
    return changes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(client: Client, namespace: string, resourceVersion: string): Promise<void> {
    const { signal } = this.#stop;
    let from = resourceVersion;
    try {
      while (!signal.aborted) {
        for await (const events of client.watch(Hardware, { namespace, resourceVersion: from, signal })) {
          for (const { type, object } of events) {
            from = object.metadata.resourceVersion ?? from;
            if (type === 'DELETED') this.#owners.delete(object.metadata.name ?? '');
            else if (type !== 'BOOKMARK') this.#see(object);
          }
        }
      }
    } catch (error) {
      // Not to have seen everything is no proof.
      this.violations.push(String(error));
    }
  }

  #see({ metadata: { name = '', labels } }: Hardware): void {
    const before = this.#owners.get(name);
    const now = labels?.[ownerNameLabel];
    this.#owners.set(name, now);
    if (now === before) return;
    if (now !== undefined) this.claims++;
    if (before !== undefined && now !== undefined) this.violations.push(`${name} went from ${before} to ${now}`);
  }
}
