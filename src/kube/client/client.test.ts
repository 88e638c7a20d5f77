import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Client } from './client.ts';
import { KubeConnectionError, KubeError } from './errors.ts';
import { type FakeAnswer, FakeTransport, inTurn } from './fake-transport.ts';

interface Widget extends KubeObject {
  spec?: { size: number };
}

const widgets: Resource<Widget> = {
  group: 'example.org',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};
const widget: Widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { namespace: 'a', name: 'w' } };

describe('Client', () => {
  it('addresses namespaced objects, collections and subresources', async () => {
    const transport = new FakeTransport(() => ({ body: widget }));
    const client = new Client(transport, { fieldManager: 'capt' });
    await client.get(widgets, { namespace: 'a', name: 'w' });
    await client.create(widgets, widget);
    await client.mergePatch(
      widgets,
      { namespace: 'a', name: 'w' },
      { status: {} },
      { subresource: 'status', dryRun: true },
    );
    await client.apply(widgets, { metadata: { namespace: 'a', name: 'w' } }, { fieldManager: 'x', force: true });
    assert.deepEqual(
      transport.requests.map(({ method, path, headers }) => [method, path, headers?.['content-type']]),
      [
        ['GET', '/apis/example.org/v1/namespaces/a/widgets/w', 'application/json'],
        [
          'POST',
          '/apis/example.org/v1/namespaces/a/widgets?fieldManager=capt&fieldValidation=Strict',
          'application/json',
        ],
        [
          'PATCH',
          '/apis/example.org/v1/namespaces/a/widgets/w/status?fieldManager=capt&fieldValidation=Strict&dryRun=All',
          'application/merge-patch+json',
        ],
        [
          'PATCH',
          '/apis/example.org/v1/namespaces/a/widgets/w?fieldManager=x&fieldValidation=Strict&force=true',
          'application/apply-patch+yaml',
        ],
      ],
    );
  });

  for (const [name, target] of [
    ['a namespace is missing', { name: 'w' }],
    ['a name would leave its path segment', { namespace: 'a', name: '../../x' }],
    ['a name is empty', { namespace: 'a', name: '' }],
  ] as const) {
    it(`sends nothing when ${name}`, () => {
      const transport = new FakeTransport(() => ({}));
      assert.throws(() => new Client(transport).get(widgets, target), TypeError);
      assert.equal(transport.requests.length, 0);
    });
  }

  it('reads all pages of a list and fills in what lists leave out', async () => {
    const item = (name: string) => ({ metadata: { namespace: 'a', name, resourceVersion: '7' } });
    const client = new Client(
      new FakeTransport(
        inTurn(
          { body: { metadata: { resourceVersion: '9', continue: 'c1' }, items: [item('x')] } },
          { body: { metadata: { resourceVersion: '9' }, items: [item('y')] } },
        ),
      ),
    );
    const list = await client.list(widgets, { limit: 1, labelSelector: 'a=b' });
    assert.deepEqual(
      list.items.map(({ kind, apiVersion, metadata }) => [kind, apiVersion, metadata.name]),
      [
        ['Widget', 'example.org/v1', 'x'],
        ['Widget', 'example.org/v1', 'y'],
      ],
    );
    assert.equal(list.metadata.resourceVersion, '9');
  });

  it('turns a refusal into an error with reason, causes and the action in its text', async () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'spec.size', message: 'must be positive' }];
    const status = { kind: 'Status', reason: 'Invalid', message: 'Widget "w" is invalid', details: { causes } };
    const client = new Client(new FakeTransport(() => ({ status: 422, body: status })));
    await assert.rejects(client.create(widgets, widget), (error: KubeError) => {
      assert.equal(error.reason, 'Invalid');
      assert.equal(error.code, 422);
      assert.deepEqual(error.causes, causes);
      assert.match(error.message, /^create widgets\.example\.org.*: Invalid: Widget "w" is invalid/);
      return error instanceof KubeError;
    });
  });

  for (const body of ['<html>502 Bad Gateway</html>', '', '[]', 'null', '"x"', '{"kind":"Pod"}']) {
    it(`survives a refusal that is no Status: ${body.slice(0, 12) || '(empty)'}`, async () => {
      const client = new Client(new FakeTransport(() => ({ status: 502, body })));
      await assert.rejects(client.get(widgets, { namespace: 'a', name: 'w' }), { name: 'KubeError', code: 502 });
    });
  }

  it('calls a successful answer that is no JSON a broken connection', async () => {
    const client = new Client(new FakeTransport(() => ({ body: '{"kind":"Wid' })));
    await assert.rejects(client.get(widgets, { namespace: 'a', name: 'w' }), KubeConnectionError);
  });

  it('waits as long as the server asks (429) and sends the request again', async () => {
    const clock = new FakeClock();
    const transport = new FakeTransport(
      inTurn({ status: 429, headers: { 'retry-after': '7' } }, { status: 200, body: widget }),
    );
    const result = new Client(transport, { clock }).create(widgets, widget);
    await clock.advance(6_900);
    assert.equal(transport.requests.length, 1);
    await clock.advance(200);
    assert.deepEqual(await result, widget);
  });

  it('does not repeat a request that may have been carried out (500)', async () => {
    const transport = new FakeTransport(() => ({ status: 500 }));
    await assert.rejects(new Client(transport).create(widgets, widget), { reason: 'InternalError' });
    assert.equal(transport.requests.length, 1);
  });

  it('gives up when the deadline passes, also while it waits for the server', async () => {
    const clock = new FakeClock();
    const transport = new FakeTransport(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const result = new Client(transport, { clock, requestTimeoutSeconds: 10 }).create(widgets, widget);
    const refused = assert.rejects(result, { reason: 'TooManyRequests' });
    await clock.advance(10_001);
    await refused;
  });

  it('reads no more of an answer than the caller wants, and lets go of the rest', async () => {
    let sent = 0;
    async function* endless() {
      for (; sent < 1_000_000; sent++) {
        yield Buffer.alloc(100, 'x');
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const client = new Client(new FakeTransport(({ path }) => ({ body: path === '/fits' ? '{}' : endless() })));
    const error = { name: 'KubeAnswerTooLarge', message: 'get /long: the answer is longer than 1000 bytes' };
    await assert.rejects(client.raw('/long', { maxBytes: 1000 }), error);
    await assert.rejects(client.list(widgets, { maxBytes: 1000 }), { name: 'KubeAnswerTooLarge' });
    assert.equal(await client.raw('/fits', { maxBytes: 2 }), '{}');
    assert.ok(sent < 10_000);
  });

  it('passes an abort by the caller through', async () => {
    const controller = new AbortController();
    const transport = new FakeTransport(() => ({ body: never() }));
    const result = new Client(transport).get(widgets, { namespace: 'a', name: 'w' }, { signal: controller.signal });
    const rejected = assert.rejects(result, /stop it/);
    setImmediate(() => controller.abort(new Error('stop it')));
    await rejected;
  });

  it('asks permission before every write, and tells observers after it', async () => {
    const seen: string[] = [];
    const transport = new FakeTransport(({ method }) => ({
      body: method === 'DELETE' ? { kind: 'Status', details: { uid: 'u1' } } : widget,
    }));
    const client = new Client(transport);
    client.observe({
      written: (resource, object) => seen.push(`${resource.kind} ${object.metadata.name} written`),
      deleted: (_, name, uid) => seen.push(`${name.name} ${uid} deleted`),
    });
    await client.update(widgets, widget);
    await client.update(widgets, widget, { dryRun: true });
    await client.delete(widgets, { namespace: 'a', name: 'w' });
    assert.deepEqual(seen, ['Widget w written', 'w u1 deleted']);

    const fenced = client.with({
      beforeWrite: () => {
        throw new Error('not the leader');
      },
    });
    const before = transport.requests.length;
    for (const write of [
      () => fenced.create(widgets, widget),
      () => fenced.mergePatch(widgets, { namespace: 'a', name: 'w' }, {}),
      () => fenced.delete(widgets, { namespace: 'a', name: 'w' }),
      () => fenced.deleteCollection(widgets, { namespace: 'a' }),
      async () => fenced.assertMayWrite(),
    ]) {
      await assert.rejects(write, /not the leader/);
    }
    assert.equal(transport.requests.length, before);
    await fenced.get(widgets, { namespace: 'a', name: 'w' });
  });

  it('asks again before a write that the server put off', async () => {
    const clock = new FakeClock();
    let leads = true;
    const busy: FakeAnswer = { status: 429, headers: { 'retry-after': '20' }, body: {} };
    const transport = new FakeTransport(() => busy);
    const beforeWrite = () => {
      if (!leads) throw new Error('not the leader');
    };
    const write = new Client(transport, { clock, beforeWrite }).update(widgets, widget);
    const refused = assert.rejects(write, /not the leader/);
    await clock.advance(1000);
    leads = false;
    await clock.advance(20_000);
    await refused;
    assert.equal(transport.requests.length, 1);
  });

  it('answers with what is left of a deleted object that finalizers keep', async () => {
    const kept = { ...widget, metadata: { ...widget.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const client = new Client(new FakeTransport(inTurn({ body: kept }, { body: widget })));
    assert.deepEqual(await client.delete(widgets, { namespace: 'a', name: 'w' }), kept);
    assert.equal(await client.delete(widgets, { namespace: 'a', name: 'w' }), undefined);
  });
});

/** A body that never comes. */
async function* never(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
  await new Promise(() => {});
}
