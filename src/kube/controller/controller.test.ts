import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import type { Change } from '../cache/change.ts';
import { KubeError } from '../client/errors.ts';
import { reconcileDone } from '../telemetry/channels.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import { generationChanged, labelsChanged } from './predicates.ts';
import { TerminalError } from './reconciler.ts';
import { toOwner, type WatchSource } from './watch-source.ts';

const widgets: Resource = { group: 'example.org', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true };

/** A source whose keys a test adds by hand. */
function source(): WatchSource & { add(key: string): void } {
  let add: (key: string) => void = () => {};
  return {
    cache: { synced: Promise.resolve(), hasSynced: true, resource: widgets },
    feed(queue) {
      add = (key) => queue.add(key);
      return () => {};
    },
    add: (key) => add(key),
  };
}

describe('Controller', () => {
  let clock: FakeClock;
  let stop: AbortController;
  let results: string[];
  let stopListening: () => void;
  let running: Promise<void>;

  beforeEach(() => {
    clock = new FakeClock();
    stop = new AbortController();
    results = [];
    stopListening = reconcileDone.subscribe(({ key, result, panicked }) => {
      results.push(`${key} ${result}${panicked ? ' (panic)' : ''}`);
    });
  });

  afterEach(async () => {
    stop.abort();
    await running;
    stopListening();
  });

  async function start(options: Pick<ControllerOptions, 'reconcile'> & Partial<ControllerOptions>) {
    const keys = source();
    const controller = new Controller({ name: 'test', watches: [keys], clock, ...options });
    running = controller.run(stop.signal);
    await clock.advance(0);
    return { controller, keys };
  }

  it('hands the name to the reconciler and comes back when asked to', async () => {
    const names: unknown[] = [];
    const { keys } = await start({
      reconcile: async (name) => {
        names.push(name);
        return names.length === 1 ? { requeueAfterSeconds: 30 } : undefined;
      },
    });
    keys.add('ns/w');
    await clock.advance(29_000);
    assert.equal(names.length, 1);
    await clock.advance(2_000);
    assert.deepEqual(names, [
      { namespace: 'ns', name: 'w' },
      { namespace: 'ns', name: 'w' },
    ]);
    assert.deepEqual(results, ['ns/w requeue_after', 'ns/w success']);
  });

  it('contains whatever a reconciler throws, counts bugs as panics, and retries with back-off', async () => {
    const thrown = [
      new Error('flaky'),
      new TypeError('x is undefined'),
      'a string',
      new KubeError('update', { kind: 'Status', code: 409 }),
    ];
    const { keys, controller } = await start({
      reconcile: () => {
        const next = thrown.shift();
        if (next !== undefined) throw next;
        return Promise.resolve();
      },
    });
    keys.add('w');
    await clock.advance(60_000);
    assert.deepEqual(results, ['w error', 'w error (panic)', 'w error (panic)', 'w requeue', 'w success']);
    assert.ok(controller.idle);
  });

  it('does not retry what cannot be mended until something changes', async () => {
    const { keys } = await start({ reconcile: () => Promise.reject(new TerminalError('bad spec')) });
    keys.add('w');
    await clock.advance(600_000);
    assert.deepEqual(results, ['w terminal_error']);
    keys.add('w');
    await clock.advance(0);
    assert.equal(results.length, 2);
  });

  it('keeps other keys going while one hangs, and aborts that one in time', async () => {
    const { keys } = await start({
      concurrency: 2,
      reconcileTimeoutSeconds: 60,
      reconcile: ({ name }, { signal }) =>
        name === 'stuck'
          ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          : Promise.resolve(),
    });
    keys.add('stuck');
    keys.add('fine');
    await clock.advance(59_000);
    assert.deepEqual(results, ['fine success']);
    await clock.advance(1_001);
    assert.deepEqual(results, ['fine success', 'stuck error']);
  });

  it('waits for the reconciles under way when it stops, and starts no other', async () => {
    let finish: () => void = () => {};
    const { keys } = await start({
      reconcile: () =>
        new Promise((resolve) => {
          finish = () => resolve();
        }),
    });
    keys.add('a');
    keys.add('b');
    await clock.advance(0);
    stop.abort();
    let stopped = false;
    void running.then(() => {
      stopped = true;
    });
    await clock.advance(0);
    assert.equal(stopped, false);
    finish();
    await clock.advance(0);
    assert.equal(stopped, true);
    assert.deepEqual(results, ['a success']);
  });
});

describe('predicates', () => {
  const updated = (old: object, object: object): Change<KubeObject> =>
    ({
      type: 'updated',
      key: 'k',
      initial: false,
      old: { metadata: old },
      object: { metadata: object },
    }) as Change<KubeObject>;

  it('generationChanged ignores status writes but not the beginning of a deletion', () => {
    assert.equal(
      generationChanged(updated({ generation: 1, resourceVersion: '1' }, { generation: 1, resourceVersion: '2' })),
      false,
    );
    assert.equal(generationChanged(updated({ generation: 1 }, { generation: 2 })), true);
    assert.equal(generationChanged(updated({ generation: 1 }, { generation: 1, deletionTimestamp: 'now' })), true);
  });

  it('labelsChanged compares keys and values', () => {
    assert.equal(labelsChanged(updated({ labels: { a: '1' } }, { labels: { a: '1' } })), false);
    assert.equal(labelsChanged(updated({ labels: { a: '1' } }, { labels: { b: '1' } })), true);
    assert.equal(labelsChanged(updated({}, { labels: { a: '1' } })), true);
  });
});

describe('toOwner', () => {
  it('matches by group and kind, whatever the version', () => {
    const owners = [
      { apiVersion: 'example.org/v9', kind: 'Widget', name: 'w', uid: '1', controller: true },
      { apiVersion: 'other.org/v1', kind: 'Widget', name: 'x', uid: '2' },
      { apiVersion: 'example.org/v1', kind: 'Gadget', name: 'y', uid: '3' },
      { apiVersion: 'example.org/v1', kind: 'Widget', name: 'z', uid: '4' },
    ];
    const object = { apiVersion: 'v1', kind: 'Part', metadata: { namespace: 'a', name: 'p', ownerReferences: owners } };
    assert.deepEqual(toOwner(widgets)(object), [
      { namespace: 'a', name: 'w' },
      { namespace: 'a', name: 'z' },
    ]);
    assert.deepEqual(toOwner(widgets, { controllerOnly: true })(object), [{ namespace: 'a', name: 'w' }]);
  });
});
