import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Client } from '../client/client.ts';
import { KubeConnectionError } from '../client/errors.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import type { TransportRequest } from '../client/transport.ts';
import { runtimeWarning } from '../telemetry/channels.ts';
import type { ReportedEvent } from './event.ts';
import { FakeEventRecorder } from './fake-event-recorder.ts';
import { KubeEventRecorder, type KubeEventRecorderOptions } from './kube-event-recorder.ts';

const host: KubeObject = {
  apiVersion: 'example.org/v1',
  kind: 'Host',
  metadata: { name: 'h1', namespace: 'n', uid: 'u1' },
};
const claimed = { reason: 'Claimed', action: 'Claim', note: 'claimed by m1' };

describe('KubeEventRecorder', () => {
  let clock: FakeClock;
  let transport: FakeTransport;
  let answer: (request: TransportRequest) => FakeAnswer | Promise<FakeAnswer>;
  let recorder: KubeEventRecorder;
  let stop: AbortController;
  let running: Promise<void> | undefined;
  let warnings: string[];
  let unsubscribe: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    answer = () => ({});
    transport = new FakeTransport((request) => answer(request));
    stop = new AbortController();
    running = undefined;
    warnings = [];
    unsubscribe = runtimeWarning.subscribe(({ what }) => warnings.push(what));
  });

  afterEach(async () => {
    stop.abort();
    await clock.advance(60_000);
    await running;
    unsubscribe();
  });

  function start(options: Partial<KubeEventRecorderOptions> = {}): void {
    const client = new Client(transport, { clock });
    recorder = new KubeEventRecorder(client, { controller: 'example.org/test', instance: 'i1', clock, ...options });
    running = recorder.run(stop.signal);
  }

  function sent(): { method: string; body: ReportedEvent }[] {
    return transport.requests.map(({ method, body }) => ({ method, body: JSON.parse(body ?? '{}') }));
  }

  it('writes what the events API asks for', async () => {
    start();
    recorder.event(host, { ...claimed, type: 'Warning', related: { ...host, kind: 'Machine' } });
    await clock.advance(0);
    const [request] = transport.requests;
    assert.equal(request?.path.split('?')[0], '/apis/events.k8s.io/v1/namespaces/n/events');
    const { metadata, ...event } = sent()[0]?.body ?? assert.fail('nothing sent');
    assert.match(metadata.name ?? '', /^h1\.[0-9a-f]+$/);
    const reference = { apiVersion: 'example.org/v1', namespace: 'n', name: 'h1', uid: 'u1' };
    assert.deepEqual(event, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.org/test',
      reportingInstance: 'i1',
      type: 'Warning',
      ...claimed,
      regarding: { ...reference, kind: 'Host' },
      related: { ...reference, kind: 'Machine' },
    });
  });

  it('puts events about objects without a namespace into default', async () => {
    start();
    recorder.event({ ...host, metadata: { name: 'node-1' } }, claimed);
    await clock.advance(0);
    assert.equal(sent()[0]?.body.metadata.namespace, 'default');
  });

  it('makes one row of equal events: at once when the second comes, then at its own pace', async () => {
    start({ seriesIntervalSeconds: 30 });
    for (let second = 0; second < 100; second++) {
      recorder.event(host, claimed);
      await clock.advance(1_000);
    }
    const requests = sent();
    assert.deepEqual(
      requests.map(({ method, body }) => [method, body.series?.count]),
      [
        ['POST', undefined],
        ['PATCH', 2],
        ['PATCH', 31],
        ['PATCH', 61],
        ['PATCH', 91],
      ],
    );
    assert.deepEqual(requests[4]?.body, { series: { count: 91, lastObservedTime: '2026-01-01T00:01:30.000000Z' } });
  });

  const others = [{ note: 'claimed by m2' }, { reason: 'Other' }, { action: 'Other' }, { type: 'Warning' as const }];
  for (const other of others) {
    it(`does not take another ${Object.keys(other)} for the same`, async () => {
      start();
      recorder.event(host, claimed);
      recorder.event(host, { ...claimed, ...other });
      await clock.advance(0);
      assert.deepEqual(
        sent().map(({ method }) => method),
        ['POST', 'POST'],
      );
    });
  }

  it('ends a row that was quiet for long', async () => {
    start({ seriesIdleSeconds: 60 });
    recorder.event(host, claimed);
    await clock.advance(61_000);
    recorder.event(host, claimed);
    await clock.advance(0);
    assert.deepEqual(
      sent().map(({ method, body }) => [method, body.series]),
      [
        ['POST', undefined],
        ['POST', undefined],
      ],
    );
  });

  it('goes on in a new object when the old one has expired', async () => {
    start();
    recorder.event(host, claimed);
    await clock.advance(0);
    answer = ({ method }) => (method === 'PATCH' ? refusal(404, 'NotFound') : {});
    recorder.event(host, claimed);
    await clock.advance(0);
    const [first, , again] = sent();
    assert.equal(again?.method, 'POST');
    assert.equal(again.body.series?.count, 2);
    assert.notEqual(again.body.metadata.name, first?.body.metadata.name);
    assert.equal(again.body.eventTime, first?.body.eventTime);
  });

  it('limits the different events of one object, and says so once', async () => {
    start({ spamLimit: { burst: 3, refillSeconds: 10 } });
    for (let n = 0; n < 10; n++) recorder.event(host, { ...claimed, note: `attempt ${n}` });
    recorder.event({ ...host, metadata: { ...host.metadata, name: 'h2', uid: 'u2' } }, claimed);
    await clock.advance(0);
    assert.equal(transport.requests.length, 4);
    assert.equal(recorder.dropped, 7);
    assert.deepEqual(warnings, ['1 event lost: too many of one object']);
    await clock.advance(60_000);
    for (let n = 20; n < 24; n++) recorder.event(host, { ...claimed, note: `attempt ${n}` });
    assert.deepEqual(warnings.slice(1), ['7 events lost: too many of one object']);
  });

  it('waits for a server that is away, and tries a write again only when its outcome is open', async () => {
    start();
    let failures = 3;
    answer = () => {
      if (failures-- > 0) throw new KubeConnectionError('post', 'connection refused');
      return refusal(409, 'AlreadyExists');
    };
    recorder.event(host, claimed);
    await clock.advance(30_000);
    assert.equal(transport.requests.length, 4);
    assert.equal(new Set(sent().map(({ body }) => body.metadata.name)).size, 1);
    assert.equal(recorder.dropped, 0);
  });

  it('gives an event up that the server refuses', async () => {
    start();
    answer = () => refusal(403, 'Forbidden');
    recorder.event(host, claimed);
    await clock.advance(60_000);
    assert.equal(transport.requests.length, 1);
    assert.deepEqual(warnings, ['1 event lost: the API server refused it']);
  });

  it('gives an event up after so many attempts', async () => {
    start({ maxAttempts: 3 });
    answer = () => refusal(500, 'InternalError');
    recorder.event(host, claimed);
    await clock.advance(600_000);
    assert.equal(transport.requests.length, 3);
    assert.deepEqual(warnings, ['1 event lost: the API server did not answer']);
  });

  it('lets only so many wait', async () => {
    start({ maxQueued: 5, spamLimit: { burst: 1000 } });
    answer = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    await clock.advance(0);
    for (let n = 0; n < 20; n++) {
      recorder.event(host, { ...claimed, note: `attempt ${n}` });
      await clock.advance(0);
    }
    assert.equal(transport.requests.length, 1);
    assert.equal(recorder.dropped, 14);
    stop.abort();
    await clock.advance(5_000);
    await running;
    assert.equal(recorder.dropped, 20);
  });

  it('writes what waits when it is stopped, counts included', async () => {
    start({ seriesIntervalSeconds: 3600 });
    for (let n = 0; n < 4; n++) {
      recorder.event(host, claimed);
      await clock.advance(1_000);
    }
    recorder.event(host, { ...claimed, reason: 'Last' });
    stop.abort();
    await running;
    const last = sent().slice(-2);
    assert.deepEqual(last.map(({ method, body }) => [method, body.reason, body.series?.count]).sort(), [
      ['PATCH', undefined, 4],
      ['POST', 'Last', undefined],
    ]);
    assert.equal(recorder.dropped, 0);
    assert.equal(clock.pending, 0);
  });

  it('stops in time when the server does not answer', async () => {
    start({ flushTimeoutSeconds: 5 });
    answer = () => {
      throw new KubeConnectionError('post', 'connection refused');
    };
    recorder.event(host, claimed);
    stop.abort();
    await clock.advance(5_000);
    await running;
    assert.equal(recorder.dropped, 1);
    recorder.event(host, claimed);
    assert.equal(recorder.dropped, 2);
  });

  it('holds what comes before it runs', async () => {
    const early = new KubeEventRecorder(new Client(transport, { clock }), { controller: 'example.org/test', clock });
    early.event(host, claimed);
    await clock.advance(0);
    assert.equal(transport.requests.length, 0);
    running = early.run(stop.signal);
    await clock.advance(0);
    assert.equal(transport.requests.length, 1);
  });

  it('never throws into a reconciler', () => {
    start();
    recorder.event({ apiVersion: 'v1', kind: 'Odd' } as KubeObject, claimed);
    recorder.event(host, { ...claimed, note: undefined as unknown as string });
    assert.equal(recorder.dropped, 2);
  });

  it('remembers only so many rows, and loses no count of those it forgets', async () => {
    start({ maxSeries: 10, seriesIntervalSeconds: 3600, spamLimit: { burst: 1000 } });
    for (let round = 0; round < 3; round++) {
      recorder.event(host, claimed);
      await clock.advance(0);
    }
    for (let n = 0; n < 20; n++) recorder.event(host, { ...claimed, note: `attempt ${n}` });
    await clock.advance(0);
    assert.ok(sent().some(({ method, body }) => method === 'PATCH' && body.series?.count === 3));
    assert.equal(clock.pending, 0);
  });
});

describe('FakeEventRecorder', () => {
  it('remembers', () => {
    const recorder = new FakeEventRecorder();
    recorder.event(host, claimed);
    recorder.event(host, { ...claimed, type: 'Warning' });
    assert.deepEqual(recorder.lines, [
      'Normal Host n/h1 Claimed: claimed by m1',
      'Warning Host n/h1 Claimed: claimed by m1',
    ]);
    assert.equal(recorder.of('h1').length, 2);
    assert.equal(recorder.of('h2').length, 0);
  });
});

function refusal(code: number, reason: string): FakeAnswer {
  return { status: code, body: { kind: 'Status', status: 'Failure', code, reason } };
}
