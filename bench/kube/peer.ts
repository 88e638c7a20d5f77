/** The informer of the official client with a handler that only counts. */
import {
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from '@kubernetes/client-node';
import { contestantArguments, Stopwatch } from './measure.ts';

const { kubeconfig, events, objects } = contestantArguments();
const stopwatch = new Stopwatch(events);
const config = new KubeConfig();
config.loadFromFile(kubeconfig);

const group = 'tinkerbell.org';
const version = 'v1alpha1';
const resourcePlural = 'hardware';

const api = config.makeApiClient(CustomObjectsApi);
const informer = makeInformer(
  config,
  `/apis/${group}/${version}/${resourcePlural}`,
  async () =>
    (await api.listCustomObjectForAllNamespaces({
      group,
      version,
      resourcePlural,
    })) as KubernetesListObject<KubernetesObject>,
);
let adds = 0;
let changes = 0;
informer.on('add', () => {
  adds += 1;
  if (adds === objects) setImmediate(() => stopwatch.synced());
});
informer.on('update', () => {
  changes += 1;
  if (changes === events) stopwatch.finished();
});
await informer.start();
