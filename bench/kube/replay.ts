/**
 * Serves one recorded list and then a watch with as many changes as asked for, as fast as the client takes them:
 * `replay.ts LIST_FILE EVENTS`. The client is the bottleneck, not the API server. Prints its URL.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '../../src/api/meta/object.ts';

const [listFile = '', eventsText = '0'] = process.argv.slice(2);
const events = Number(eventsText);
const list = JSON.parse(readFileSync(listFile, 'utf8')) as {
  metadata: { resourceVersion: string };
  items: KubeObject[];
};
const first = Number(list.metadata.resourceVersion);

/** Pages of 500, as the API server gives them, to those who ask for pages; else everything. */
function listBody(query: URLSearchParams): string {
  const limit = Number(query.get('limit') ?? 0);
  if (limit === 0) return JSON.stringify(list);
  const start = Number(query.get('continue') ?? 0);
  const end = start + limit;
  const metadata = { ...list.metadata, ...(end < list.items.length ? { continue: String(end) } : {}) };
  return JSON.stringify({ ...list, metadata, items: list.items.slice(start, end) });
}

/** Every event changes one label of one object, in turn; prepared before anybody measures. */
const batches: Buffer[] = [];
let batch = '';
for (let i = 1; i <= events; i++) {
  const item = list.items[i % list.items.length] as KubeObject;
  const metadata = {
    ...item.metadata,
    resourceVersion: String(first + i),
    labels: { ...item.metadata.labels, round: String(i) },
  };
  batch += `${JSON.stringify({ type: 'MODIFIED', object: { ...item, metadata } })}\n`;
  if (batch.length > 60_000 || i === events) {
    batches.push(Buffer.from(batch));
    batch = '';
  }
}

async function replay(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const chunk of batches) {
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
  }
}

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://replay').searchParams;
  if (query.get('watch') === null) response.setHeader('content-type', 'application/json').end(listBody(query));
  else void replay(response);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
