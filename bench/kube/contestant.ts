/**
 * One contestant in a process of its own: `contestant.ts ours|peer KUBECONFIG EVENTS`. Prints what it measured as JSON.
 * With EVENTS 0 it ends when it has synced; else when it has seen so many changes after that.
 */
import {
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from '@kubernetes/client-node';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Cache } from '../../src/kube/cache/cache.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { Controller } from '../../src/kube/controller/controller.ts';
import { watch } from '../../src/kube/controller/watch-source.ts';

const [contestant, kubeconfig = '', eventsText = '0', objectsText = '0'] = process.argv.slice(2);
const wanted = { events: Number(eventsText), objects: Number(objectsText) };
const config = new KubeConfig();
config.loadFromFile(kubeconfig);

const hardware: Resource<KubeObject> = {
  group: 'tinkerbell.org',
  version: 'v1alpha1',
  kind: 'Hardware',
  plural: 'hardware',
  namespaced: true,
};

let syncedSeconds = 0;
let eventsStarted = 0;
let cpuAtSync = process.cpuUsage();
let rssAtSyncMiB = 0;
const started = performance.now();

function synced(): void {
  syncedSeconds = (performance.now() - started) / 1000;
  cpuAtSync = process.cpuUsage();
  globalThis.gc?.();
  rssAtSyncMiB = process.memoryUsage().rss / 2 ** 20;
  eventsStarted = performance.now();
  if (wanted.events === 0) finish();
}

function finish(): void {
  const seconds = (performance.now() - eventsStarted) / 1000;
  const { user, system } = process.cpuUsage(cpuAtSync);
  process.stdout.write(
    `${JSON.stringify({
      syncedSeconds,
      rssMiB: rssAtSyncMiB,
      eventsPerSecond: wanted.events / seconds,
      cpuMsPer1000Events: (user + system) / 1000 / (wanted.events / 1000),
    })}\n`,
    () => process.exit(0),
  );
}

/** Our whole way: reflector, cache with an index, queue, a reconciler that does nothing. */
async function ours(): Promise<void> {
  const cache = new Cache(connect(config), hardware, {
    indexes: { rack: ({ metadata }) => (metadata.labels?.rack ? [metadata.labels.rack] : []) },
  });
  let changes = 0;
  cache.subscribe(({ initial }) => {
    if (initial) return;
    changes += 1;
    if (changes === wanted.events) done = true;
  });
  let done = false;
  const controller = new Controller({
    name: 'bench',
    concurrency: 4,
    reconcile: async () => {
      if (done && controller.queue.depth === 0) finish();
    },
    watches: [watch(cache)],
  });
  const { signal } = new AbortController();
  void cache.run(signal);
  await cache.synced;
  synced();
  await controller.run(signal);
}

/** The informer of the official client with a handler that only counts. */
async function peer(): Promise<void> {
  const api = config.makeApiClient(CustomObjectsApi);
  const list = async () =>
    (await api.listCustomObjectForAllNamespaces({
      group: hardware.group,
      version: hardware.version,
      resourcePlural: hardware.plural,
    })) as KubernetesListObject<KubernetesObject>;
  const informer = makeInformer(config, `/apis/${hardware.group}/${hardware.version}/${hardware.plural}`, list);
  let adds = 0;
  let changes = 0;
  informer.on('add', () => {
    adds += 1;
    if (adds === wanted.objects) setImmediate(synced);
  });
  informer.on('update', () => {
    changes += 1;
    if (changes === wanted.events) finish();
  });
  await informer.start();
}

await (contestant === 'ours' ? ours() : peer());
