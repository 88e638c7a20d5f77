/**
 * Throws calls at the agent API that are broken in their bytes, their framing or their meaning, and now and then bytes that
 * are no HTTP/2 at all: `MESSAGES=100000 SEED=1 npm run fuzz:agent-api`. Nothing may crash, hang or grow.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { runtimeWarning } from '../../src/kube/telemetry/channels.ts';
import { AgentApiServer } from '../../src/workflow/agent-api/agent-api-server.ts';
import { fakeWorkflow } from '../../src/workflow/agent-api/fake-workflow.ts';
import { FakeWorkflowServer } from '../../src/workflow/agent-api/fake-workflow-server.ts';
import { Random } from '../faults/random.ts';
import { type Call, noise, randomCall } from './agent-api-mutation.ts';

const messages = Number(process.env.MESSAGES ?? 100_000);
const seed = Number(process.env.SEED ?? 1);
/** Calls in flight, and calls after which a new connection is made. */
const flight = 50;
const perConnection = 2000;
/** Heap that may be had more at the end than when everything was warm. */
const growthMebibytes = 20;

const random = new Random(seed);
const statuses = new Map<string, number>();
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

async function main(): Promise<void> {
  const kubernetes = new FakeWorkflowServer();
  const agentApi = new AgentApiServer({
    host: '127.0.0.1',
    port: 0,
    cache: kubernetes.source(),
    client: kubernetes.client,
    pollSeconds: 0.01,
  });
  const stop = new AbortController();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const ran = agentApi.run(stop.signal, resolve);
  await ready;
  const started = performance.now();
  let warm = 0;
  for (let done = 0; done < messages; done += perConnection) {
    // A fresh Workflow for every round: reports that happen to be right are taken.
    kubernetes.put(fakeWorkflow({ actions: [['PENDING', 'PENDING', 'PENDING']] }));
    await throwCalls(agentApi.port ?? 0, Math.min(perConnection, messages - done));
    await throwBytes(agentApi.port ?? 0);
    kubernetes.transport.requests.length = 0;
    if (warm === 0 && done >= messages / 5) warm = heapMebibytes();
  }
  const grown = heapMebibytes() - warm;
  const seconds = (performance.now() - started) / 1000;
  await checkAlive(agentApi.port ?? 0);
  assert.equal(agentApi.waiting, 0);
  stop.abort();
  await ran;
  const rss = process.memoryUsage().rss / 2 ** 20;
  process.stdout.write(
    `${messages} calls (seed ${seed}) in ${seconds.toFixed(1)} s; heap grew by ${grown.toFixed(1)} MiB, RSS ${rss.toFixed(0)} MiB\n` +
      `${[...statuses]
        .sort((a, b) => b[1] - a[1])
        .map(([status, count]) => `  ${status}: ${count}`)
        .join('\n')}\n`,
  );
  assert.ok(grown < growthMebibytes, `the heap grew by ${grown.toFixed(1)} MiB`);
}

/** Makes calls over one connection, and new ones where the server hangs up. */
async function throwCalls(port: number, count: number): Promise<void> {
  let session = open(port);
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      if (session.closed || session.destroyed) session = open(port);
      const status = await send(session, randomCall(random));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: flight }, worker));
  session.destroy();
}

function open(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  return session;
}

/** @returns the gRPC status, or how the stream ended */
function send(session: ClientHttp2Session, { path, body }: Call): Promise<string> {
  return new Promise((resolve) => {
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request(headers);
    let status = 'no status';
    const note = (fields: Record<string, unknown>) => {
      if (fields['grpc-status'] !== undefined) status = `status ${fields['grpc-status']}`;
    };
    const timer = setTimeout(() => {
      process.stderr.write(`seed ${seed}: no answer within 20 s to ${path} ${body.toString('hex')}\n`);
      process.exit(1);
    }, 20_000);
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('error', () => {});
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(status);
    });
    stream.resume();
    if (random.chance(0.01)) stream.close(8);
    else stream.end(body);
  });
}

/** Bytes that are no HTTP/2, or begin as such. */
async function throwBytes(port: number): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  const bytes = noise(random, random.below(3000));
  socket.end(random.chance(0.5) ? bytes : Buffer.concat([preface, bytes]));
  socket.setTimeout(500, () => socket.destroy());
  await once(socket, 'close');
}

async function checkAlive(port: number): Promise<void> {
  const session = open(port);
  assert.equal(await send(session, { path: '/proto.WorkflowService/GetAction', body: Buffer.alloc(5) }), 'status 3');
  session.destroy();
}

function heapMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    process.stderr.write(`seed ${seed}: ${event}: ${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
}

// The API server of this fuzz never fails: whatever is warned of is a bug.
runtimeWarning.subscribe(({ what, error }) => {
  process.stderr.write(`seed ${seed}: ${what}: ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

await main();
