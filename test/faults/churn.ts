import { ConfigMap } from '../../src/api/core/config-map.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { isReason } from '../../src/kube/client/errors.ts';
import { copyName, originalLabel } from './mirror.ts';
import type { Random } from './random.ts';

/** Creates, changes, deletes and recreates originals at random, through a client that no fault touches. */
export class Churn {
  readonly #client: Client;
  readonly #namespace: string;
  readonly #random: Random;
  readonly #names: string[];
  #round = 0;

  constructor(client: Client, namespace: string, random: Random, names = 25) {
    this.#client = client;
    this.#namespace = namespace;
    this.#random = random;
    this.#names = Array.from({ length: names }, (_, i) => `original-${i}`);
  }

  async step(): Promise<void> {
    const target = { namespace: this.#namespace, name: this.#random.pick(this.#names) };
    const data = { value: `v${++this.#round}` };
    try {
      if (this.#random.chance(0.1)) {
        // Somebody else takes the copy away: it has to come back.
        await this.#client.delete(ConfigMap, { ...target, name: copyName(target.name) });
      } else if (this.#random.chance(0.3)) {
        await this.#client.delete(ConfigMap, target);
      } else if (this.#random.chance(0.15)) {
        // Leaves the selection of the cache without being deleted, and comes back with the next change.
        await this.#client.mergePatch(ConfigMap, target, { metadata: { labels: { [originalLabel]: null } } });
      } else {
        await this.#client.mergePatch(ConfigMap, target, { metadata: { labels: { [originalLabel]: 'yes' } }, data });
      }
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      if (await this.#client.find(ConfigMap, target)) return;
      await this.#client.create(ConfigMap, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...target, labels: { [originalLabel]: 'yes' } },
        data,
      });
    }
  }
}
