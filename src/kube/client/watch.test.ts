import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { Client } from './client.ts';
import { FakeTransport } from './fake-transport.ts';
import { LineTooLong, lineBatches } from './lines.ts';

const widgets: Resource = { group: '', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true };

function line(type: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: { metadata: { name: 'w', resourceVersion } } })}\n`;
}

async function watchAll(chunks: Iterable<string | Error>): Promise<string[]> {
  const transport = new FakeTransport(() => ({ body: stream(chunks) }));
  const seen: string[] = [];
  const { signal } = new AbortController();
  for await (const batch of new Client(transport).watch<KubeObject>(widgets, { signal, resourceVersion: '1' })) {
    seen.push(...batch.map((event) => `${event.type} ${event.object.metadata.resourceVersion}`));
  }
  return seen;
}

async function* stream(chunks: Iterable<string | Error>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield Buffer.from(chunk);
  }
}

describe('watch', () => {
  it('yields every event of every chunk, and asks for bookmarks', async () => {
    const transport = new FakeTransport(() => ({ body: stream([line('ADDED', '2') + line('BOOKMARK', '3')]) }));
    const { signal } = new AbortController();
    const events = [];
    for await (const batch of new Client(transport).watch(widgets, {
      signal,
      resourceVersion: '1',
      timeoutSeconds: 5,
    })) {
      events.push(...batch);
    }
    assert.equal(events.length, 2);
    assert.equal(
      transport.requests[0]?.path,
      '/api/v1/widgets?watch=true&allowWatchBookmarks=true&resourceVersion=1&timeoutSeconds=5',
    );
  });

  it('drops a last line that was cut, without an error: the next watch brings it whole', async () => {
    assert.deepEqual(await watchAll([line('ADDED', '2'), line('ADDED', '3').slice(0, -10)]), ['ADDED 2']);
  });

  for (const [name, text] of Object.entries({
    'no JSON': '{"type":"ADDED","obj\n',
    'JSON that is no event': '[1]\n',
    null: 'null\n',
    'an unknown type': line('CHANGED', '4'),
    'no resourceVersion': '{"type":"ADDED","object":{"metadata":{}}}\n',
    'no object': '{"type":"ADDED"}\n',
  })) {
    it(`never swallows a malformed line: ${name}`, async () => {
      await assert.rejects(watchAll([line('ADDED', '2'), text, line('ADDED', '5')]), { name: 'KubeConnectionError' });
    });
  }

  it('turns an ERROR event into the error it carries', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    await assert.rejects(watchAll([`${JSON.stringify({ type: 'ERROR', object: status })}\n`]), {
      name: 'KubeError',
      code: 410,
    });
  });

  it('reports a connection that breaks', async () => {
    await assert.rejects(watchAll([line('ADDED', '2'), new Error('ECONNRESET')]), /watch widgets: ECONNRESET/);
  });

  it('reports a refusal with its reason', async () => {
    const transport = new FakeTransport(() => ({ status: 410, body: { kind: 'Status', reason: 'Expired' } }));
    const { signal } = new AbortController();
    await assert.rejects(new Client(transport).watch(widgets, { signal }).next(), { reason: 'Expired' });
  });

  it('ends quietly when the caller stops it', async () => {
    const controller = new AbortController();
    const silent = (async function* () {
      yield Buffer.from(line('ADDED', '2'));
      await new Promise(() => {});
    })();
    const client = new Client(new FakeTransport(() => ({ body: silent })));
    let events = 0;
    for await (const batch of client.watch(widgets, { signal: controller.signal })) {
      events += batch.length;
      controller.abort();
    }
    assert.equal(events, 1);
  });
});

describe('lineBatches', () => {
  it('gives the same lines wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(40)), async (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' ')).filter((text) => text !== '');
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        assert.deepEqual(await collect(cut(bytes, cuts)), lines);
      }),
    );
  });

  it('refuses a line without end instead of filling the memory', async () => {
    const endless = (function* () {
      for (let i = 0; i < 100; i++) yield Buffer.alloc(1000, 'x');
    })();
    await assert.rejects(collect(endless, 50_000), LineTooLong);
  });
});

async function collect(chunks: Iterable<Uint8Array>, maxLineBytes?: number): Promise<string[]> {
  const lines: string[] = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const batch of lineBatches(source, maxLineBytes)) lines.push(...batch);
  return lines;
}

function* cut(bytes: Buffer, sizes: number[]): Generator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}
