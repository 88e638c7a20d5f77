import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import { Event } from '../../src/api/core/event.ts';
import { Namespace } from '../../src/api/core/namespace.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { KubeEventRecorder } from '../../src/kube/events/kube-event-recorder.ts';
import { runtimeWarning } from '../../src/kube/telemetry/channels.ts';
import { eventually } from '../faults/eventually.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const claimed = { reason: 'Claimed', action: 'Claim', note: 'claimed by machine m1' };

describe('recording events on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let map: ConfigMap;

  before(async () => {
    own = await TestNamespace.create('kube-events');
    ({ client, name: namespace } = own);
    map = await client.create(ConfigMap, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'host-1', namespace },
    });
  });

  after(async () => {
    await own[Symbol.asyncDispose]();
  });

  /** The events that `kubectl describe` shows: it asks the core API for those of the object, by these fields. */
  async function described(object: KubeObject): Promise<Event[]> {
    const { name, namespace: within, uid } = object.metadata;
    const fields = [`involvedObject.name=${name}`, `involvedObject.kind=${object.kind}`, `involvedObject.uid=${uid}`];
    if (within) fields.push(`involvedObject.namespace=${within}`);
    const { items } = await client.list(Event, {
      namespace: within ?? 'default',
      fieldSelector: fields.join(','),
    });
    return items.toSorted((a, b) => (a.reason ?? '').localeCompare(b.reason ?? ''));
  }

  async function recording(
    use: (recorder: KubeEventRecorder) => Promise<void> | void,
    seriesIntervalSeconds = 0.05,
  ): Promise<KubeEventRecorder> {
    const recorder = new KubeEventRecorder(client, { controller: 'example.org/test', seriesIntervalSeconds });
    const stop = new AbortController();
    const running = recorder.run(stop.signal);
    try {
      await use(recorder);
    } finally {
      stop.abort();
      await running;
    }
    return recorder;
  }

  it('shows them to kubectl describe, equal ones as one with a count', async () => {
    await recording(async (recorder) => {
      for (let count = 0; count < 5; count++) recorder.event(map, claimed);
      recorder.event(map, { reason: 'PowerFailed', action: 'PowerOn', note: 'é'.repeat(2000), type: 'Warning' });
      await eventually(async () => assert.equal((await described(map)).length, 2), 10);
      recorder.event(map, claimed);
      await eventually(async () => assert.equal((await described(map))[0]?.series?.count, 6), 10);
    });
    const [first, second] = await described(map);
    assert.deepEqual(
      [first?.type, first?.reason, first?.message, first?.action, first?.reportingComponent],
      ['Normal', 'Claimed', claimed.note, 'Claim', 'example.org/test'],
    );
    assert.deepEqual([second?.type, second?.reason, second?.series], ['Warning', 'PowerFailed', undefined]);
    assert.ok(Buffer.byteLength(second?.message ?? '') <= 1024);
  });

  it('takes events about objects without a namespace', async () => {
    const itself = await client.get(Namespace, { name: namespace });
    const clusterScoped = { ...itself, apiVersion: 'v1', kind: 'Namespace' };
    await recording((recorder) => recorder.event(clusterScoped, { ...claimed, related: map }));
    const [event] = await described(clusterScoped);
    assert.equal(event?.metadata.namespace, 'default');
    assert.equal(event.related?.name, 'host-1');
  });

  it('writes the last count when it is stopped', async () => {
    const recorder = await recording((recorder) => {
      for (let count = 0; count < 50; count++) recorder.event(map, { ...claimed, reason: 'Stopped' });
    }, 3600);
    const event = (await described(map)).find(({ reason }) => reason === 'Stopped');
    assert.equal(event?.series?.count, 50);
    assert.equal(recorder.dropped, 0);
  });

  it('goes on when an event has been deleted meanwhile', async () => {
    const note = { ...claimed, reason: 'Deleted' };
    const find = async () => (await described(map)).find(({ reason }) => reason === 'Deleted');
    await recording(async (recorder) => {
      recorder.event(map, note);
      await eventually(async () => assert.ok(await find()), 10);
      const { metadata } = (await find()) ?? assert.fail();
      await client.delete(Event, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
      recorder.event(map, note);
      await eventually(async () => assert.equal((await find())?.series?.count, 2), 10);
    });
  });

  it('loses only what the server refuses, and says so', async () => {
    const told: string[] = [];
    const unsubscribe = runtimeWarning.subscribe(({ what }) => told.push(what));
    const nowhere = { ...map, metadata: { ...map.metadata, namespace: 'no-such-namespace' } };
    const recorder = await recording((recorder) => {
      recorder.event(nowhere, claimed);
      recorder.event(map, { ...claimed, reason: '' });
      recorder.event(map, { ...claimed, reason: 'After' });
    });
    unsubscribe();
    assert.equal(recorder.dropped, 2);
    assert.ok(told.includes('1 event lost: the API server refused it'), told.join());
    assert.ok((await described(map)).some(({ reason }) => reason === 'After'));
  });
});
