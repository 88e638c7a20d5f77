/**
 * Throws requests at the metadata service from the addresses of many machines, with forged headers, broken bytes and
 * machines that change meanwhile: `MESSAGES=100000 SEED=1 npm run fuzz:metadata`. No answer may hold what is another
 * machine's, nothing may crash, hang or grow.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { TrustedProxies } from '../../src/kube/http/trusted-proxies.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/metadata/fake-hardware.ts';
import { metadataRoutes } from '../../src/metadata/http/metadata-routes.ts';
import { MetadataServer } from '../../src/metadata/http/metadata-server.ts';
import { HardwareLookup } from '../../src/metadata/lookup/hardware-lookup.ts';
import { Random } from '../faults/random.ts';
import { randomRequest } from './metadata-mutation.ts';

const messages = Number(process.env.MESSAGES ?? 100_000);
const seed = Number(process.env.SEED ?? 1);
/** Machines at 127.0.9.1 and on; those after the first so many have no Hardware. */
const machines = 40;
const known = 30;
/** Connections at once, and requests sent on one without waiting for answers. */
const flight = 20;
const pipelined = 20;
/** Heap that may be had more at the end than when everything was warm. */
const growthMebibytes = 20;
const hangMs = 20_000;

const random = new Random(seed);
const statuses = new Map<string, number>();
const address = (machine: number) => `127.0.9.${machine + 1}`;

async function main(): Promise<void> {
  const cache = new FakeHardwareCache();
  for (let machine = 0; machine < known; machine++) put(cache, machine);
  const routes = metadataRoutes({
    lookup: new HardwareLookup(cache),
    proxies: new TrustedProxies(['192.0.2.0/24']),
    instanceEndpoint: 'own-secrets',
  });
  const server = new MetadataServer({ routes, host: '127.0.0.1', port: 0, portOption: '--port' });
  const stop = new AbortController();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const ran = server.run(stop.signal, resolve);
  await ready;
  const port = server.address?.port ?? 0;
  const started = performance.now();
  let warm = 0;
  let left = messages;
  const worker = async () => {
    while (left > 0) {
      left -= pipelined;
      const machine = random.below(machines);
      const requests = Array.from({ length: pipelined }, () => randomRequest(random, machine, address));
      check(machine, await send(port, machine, requests));
      // Machines come, go and get new data all the time.
      const other = random.below(known);
      if (random.chance(0.3)) cache.delete(fakeHardware(`node-${other}`, address(other)));
      else put(cache, other);
      if (warm === 0 && left < messages * 0.7) warm = heapMebibytes();
    }
  };
  await Promise.all(Array.from({ length: flight }, worker));
  const grown = heapMebibytes() - warm;
  const seconds = (performance.now() - started) / 1000;
  put(cache, 0);
  assert.match(
    await send(port, 0, ['GET /2009-04-04/user-data HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n']),
    /secret-0\./,
  );
  stop.abort();
  await ran;
  const counts = [...statuses].sort((a, b) => b[1] - a[1]).map(([status, count]) => `  ${status}: ${count}`);
  process.stdout.write(
    `${messages} requests (seed ${seed}) in ${seconds.toFixed(1)} s; heap grew by ${grown.toFixed(1)} MiB\n${counts.join('\n')}\n`,
  );
  assert.ok(grown < growthMebibytes, `the heap grew by ${grown.toFixed(1)} MiB`);
}

/** Everything about a machine that others must not see has its number in it. */
function put(cache: FakeHardwareCache, machine: number): void {
  const secret = `secret-${machine}.`;
  const instance = { id: `id-${machine}`, hostname: `host-of-${secret}`, ssh_keys: [`key ${secret}`] };
  const userData = random.chance(0.2)
    ? `{"ignition":{"version":"3.4.0","x":"${secret}"}}`
    : secret.repeat(1 + random.below(50));
  const spec = { userData, vendorData: secret, metadata: { instance } };
  cache.put(fakeHardware(`node-${machine}`, address(machine), spec));
}

function check(machine: number, answer: string): void {
  for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
    statuses.set(status ?? '', (statuses.get(status ?? '') ?? 0) + 1);
    assert.ok(Number(status) < 500, `status ${status} for machine ${machine}, seed ${seed}`);
  }
  for (const [, owner] of answer.matchAll(/secret-(\d+)\./g)) {
    assert.equal(Number(owner), machine, `machine ${machine} saw what is of ${owner}, seed ${seed}`);
  }
}

/** Sends all at once from the address of a machine. @returns all that came back until the end of the connection */
function send(port: number, machine: number, requests: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port, localAddress: address(machine) });
    const hangs = setTimeout(() => reject(new Error(`no end of the answers, seed ${seed}`)), hangMs);
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server may cut off who sends nonsense.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(hangs);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
    socket.end(Buffer.concat(requests.map((request) => Buffer.from(request as string, 'latin1'))));
  });
}

function heapMebibytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

await main();
