/** Our whole way: reflector, cache with an index, queue, a reconciler that does nothing. */
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Cache } from '../../src/kube/cache/cache.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { Controller } from '../../src/kube/controller/controller.ts';
import { watch } from '../../src/kube/controller/watch-source.ts';
import { contestantArguments, Stopwatch } from './measure.ts';

const { kubeconfig, events } = contestantArguments();
const stopwatch = new Stopwatch(events);

// As `src/api` describes it, without the schema that neither contestant uses.
const Hardware: Resource<KubeObject> = {
  group: 'tinkerbell.org',
  version: 'v1alpha1',
  kind: 'Hardware',
  plural: 'hardware',
  namespaced: true,
};

const cache = new Cache(connect(loadKubeConfig({ path: kubeconfig })), Hardware, {
  indexes: { rack: ({ metadata }) => (metadata.labels?.rack ? [metadata.labels.rack] : []) },
});
let changes = 0;
cache.subscribe(({ initial }) => {
  if (!initial) changes += 1;
});
const controller = new Controller({
  name: 'bench',
  concurrency: 4,
  reconcile: () => {
    if (events > 0 && changes === events && controller.queue.depth === 0) stopwatch.finished();
    return Promise.resolve();
  },
  watches: [watch(cache)],
});

const { signal } = new AbortController();
void cache.run(signal);
await cache.synced;
stopwatch.synced();
await controller.run(signal);
