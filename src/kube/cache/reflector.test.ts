import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Client } from '../client/client.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import type { TransportRequest } from '../client/transport.ts';
import { Reflector } from './reflector.ts';
import { Store } from './store.ts';

const widgets: Resource = { group: '', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: false };

const item = (name: string, version: number) => ({ metadata: { name, uid: name, resourceVersion: String(version) } });
const list = (version: number, ...items: unknown[]) => ({
  body: { metadata: { resourceVersion: String(version) }, items },
});
const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const errorEvent = (code: number) => event('ERROR', { kind: 'Status', code });
const stays: unique symbol = Symbol('the stream stays open');

/** A watch stream of the given pieces; `stays` keeps it open. */
function stream(...pieces: (string | typeof stays)[]): FakeAnswer {
  return {
    body: (async function* () {
      for (const piece of pieces) {
        if (piece === stays) await new Promise(() => {});
        else yield Buffer.from(piece);
      }
    })(),
  };
}

describe('Reflector', () => {
  let clock: FakeClock;
  let store: Store<KubeObject>;
  let stop: AbortController;
  let running: Promise<void>;
  let transport: FakeTransport;

  beforeEach(() => {
    clock = new FakeClock();
    store = new Store();
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await clock.advance(0);
    await running;
  });

  /** Runs a reflector against scripted answers; the last one repeats. */
  function start(...answers: FakeAnswer[]): Reflector<KubeObject> {
    let next = 0;
    transport = new FakeTransport(() => answers[Math.min(next++, answers.length - 1)] as FakeAnswer);
    const client = new Client(transport, { clock });
    const reflector = new Reflector(client, widgets, store, { clock, random: () => 0, backoff: { random: () => 0 } });
    running = reflector.run(stop.signal);
    return reflector;
  }

  const queries = () => transport.requests.map(describeRequest);
  const names = () => [...store.values()].map(({ metadata }) => metadata.name).sort();

  it('lists, watches from the list, and resumes from the last thing it saw when the stream breaks', async () => {
    start(
      list(10, item('a', 1)),
      stream(event('ADDED', item('b', 11)) + event('BOOKMARK', item('', 15)), '{"type":"MODI'),
      stream(event('DELETED', item('a', 16)), stays),
    );
    await clock.advance(1000);
    assert.deepEqual(queries(), ['list', 'watch 10', 'watch 15']);
    assert.deepEqual(names(), ['b']);
  });

  for (const [name, gone] of Object.entries({
    'as an HTTP status': { status: 410, body: { kind: 'Status', reason: 'Expired' } },
    'as an ERROR event': stream(errorEvent(410)),
  })) {
    it(`lists again on 410 ${name}, losing no delete`, async () => {
      start(list(10, item('a', 1), item('b', 2)), gone, list(20, item('b', 2)), stream(stays));
      const deleted: string[] = [];
      store.subscribe((change) => change.type === 'deleted' && deleted.push(change.key));
      await clock.advance(1000);
      assert.deepEqual(queries(), ['list', 'watch 10', 'list', 'watch 20']);
      assert.deepEqual(deleted, ['a']);
    });
  }

  it('keeps trying while the server is down, with growing delays, and says why', async () => {
    const reflector = start({ status: 500, body: { kind: 'Status', message: 'etcd is down' } });
    await clock.advance(250 + 500 + 1000);
    assert.equal(transport.requests.length, 4);
    assert.match(String(reflector.lastError), /list widgets: InternalError: etcd is down/);
    await clock.advance(120_000);
    assert.ok(transport.requests.length < 14, `${transport.requests.length} requests in two minutes`);
  });

  it('forgets the error when it gets through', async () => {
    const reflector = start({ status: 503 }, list(10), stream(stays));
    await clock.advance(1000);
    assert.equal(reflector.lastError, undefined);
  });

  it('waits as long as the server asks', async () => {
    start(list(10), { status: 429, headers: { 'retry-after': '20' } }, stream(stays));
    await clock.advance(19_000);
    assert.equal(transport.requests.length, 2);
    await clock.advance(2_000);
    assert.deepEqual(queries(), ['list', 'watch 10', 'watch 10']);
  });

  it('reconnects from the last good event after a line that makes no sense', async () => {
    start(
      list(10),
      stream(event('ADDED', item('a', 11)), '{"type":"ADD\n'),
      stream(event('ADDED', item('b', 12)), stays),
    );
    await clock.advance(1000);
    assert.deepEqual(queries(), ['list', 'watch 10', 'watch 11']);
    assert.deepEqual(names(), ['a', 'b']);
  });

  it('lists again when the server keeps refusing its resourceVersion: it may come from a backup', async () => {
    const ahead = stream(errorEvent(504));
    start(
      list(1000, item('a', 900)),
      ahead,
      stream(errorEvent(504)),
      stream(errorEvent(504)),
      list(50, item('a', 40)),
      stream(stays),
    );
    await clock.advance(10_000);
    assert.deepEqual(queries(), ['list', 'watch 1000', 'watch 1000', 'watch 1000', 'list', 'watch 50']);
    assert.equal(store.get('a')?.metadata.resourceVersion, '40');
  });

  it('reads the list in one piece when its pages expire half-way', async () => {
    const firstPage = { body: { metadata: { resourceVersion: '10', continue: 'next' }, items: [item('a', 1)] } };
    start(
      firstPage,
      { status: 410, body: { kind: 'Status', reason: 'Expired' } },
      list(12, item('a', 1), item('b', 11)),
      stream(stays),
    );
    await clock.advance(0);
    assert.deepEqual(queries(), ['list', 'list continued', 'list whole', 'watch 12']);
    assert.deepEqual(names(), ['a', 'b']);
  });

  it('does not spin when streams end at once', async () => {
    start(list(10), stream());
    await clock.advance(60_000);
    assert.ok(transport.requests.length < 12, `${transport.requests.length} requests in a minute`);
  });

  it('goes straight on when the server ends a watch in good order', async () => {
    start(list(10), stream(event('ADDED', item('a', 11))), stream(event('ADDED', item('b', 12)), stays));
    await clock.advance(0);
    assert.deepEqual(names(), ['a', 'b']);
  });
});

function describeRequest({ path }: TransportRequest): string {
  const query = new URL(path, 'http://api').searchParams;
  if (query.get('watch')) return `watch ${query.get('resourceVersion')}`;
  if (query.has('continue')) return 'list continued';
  return query.get('limit') === '0' ? 'list whole' : 'list';
}
