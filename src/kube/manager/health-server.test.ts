import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import { HealthServer, type HealthServerOptions } from './health-server.ts';

describe('HealthServer', () => {
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(() => {
    stop = new AbortController();
    running = Promise.resolve();
  });

  afterEach(async () => {
    stop.abort();
    await running;
  });

  async function start(options: HealthServerOptions = {}): Promise<HealthServer> {
    const server = new HealthServer({ port: 0, ...options });
    await run(server);
    return server;
  }

  async function run(server: HealthServer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      running = server.run(stop.signal, resolve);
      running.catch(reject);
    });
  }

  async function get(server: HealthServer, path: string): Promise<{ status: number; type: string; body: string }> {
    const { address = '', port = 0 } = server.address ?? {};
    const response = await fetch(`http://${address}:${port}${path}`);
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
  }

  it('answers at a further address with the same checks, and without the routes', async () => {
    const server = new HealthServer({ port: 0 });
    server.addRoutes(async (app) => void app.get('/one', () => 'one'));
    const further = server.further({ name: 'another', port: 0 });
    server.addReadyCheck('late', () => ({ healthy: false, message: 'because' }));
    await run(further);
    assert.equal(further.name, 'another');
    assert.match((await get(further, '/readyz')).body, /late.*because/);
    assert.equal((await get(further, '/one')).status, 404);
  });

  it('serves the routes of others beside its own, and keeps their error handling apart', async () => {
    const server = new HealthServer({ port: 0 });
    server.addRoutes(async (app) => {
      app.setErrorHandler((_, __, reply) => reply.code(418).send('mine'));
      app.get('/one', () => 'one');
      app.get('/broken', () => {
        throw new Error('broken');
      });
    });
    server.addRoutes(async (app) => {
      app.get('/two', () => {
        throw new Error('two');
      });
    });
    await run(server);
    assert.equal((await get(server, '/one')).body, 'one');
    assert.equal((await get(server, '/broken')).status, 418);
    assert.equal((await get(server, '/two')).status, 500);
    assert.equal((await get(server, '/healthz')).status, 200);
  });

  it('answers on loopback, with one line a check', async () => {
    const server = await start();
    server.addReadyCheck('caches', () => ({ healthy: true }));
    server.addReadyCheck('leader-election', () => ({ healthy: true, message: 'waits' }));
    assert.equal(server.address?.address, '127.0.0.1');
    const { status, type, body } = await get(server, '/readyz');
    assert.deepEqual([status, type], [200, 'text/plain; charset=utf-8']);
    assert.equal(body, '[+]ping ok\n[+]caches ok\n[+]leader-election ok: waits\nreadyz check passed\n');
    assert.equal((await get(server, '/healthz')).body, '[+]ping ok\nhealthz check passed\n');
  });

  it('answers 503 with the reason when one check fails, throws or hangs', async () => {
    const server = await start({ checkTimeoutSeconds: 0.01 });
    server.addHealthCheck('disk', async () => ({ healthy: false, message: 'full\nreally' }));
    server.addHealthCheck('fan', () => {
      throw new Error('does not turn');
    });
    server.addHealthCheck('clock', () => new Promise(() => {}));
    const { status, body } = await get(server, '/healthz');
    assert.equal(status, 503);
    assert.equal(
      body,
      '[+]ping ok\n[-]disk failed: full really\n[-]fan failed: does not turn\n[-]clock failed: no answer within 0.01 s\nhealthz check failed\n',
    );
    assert.equal((await get(server, '/readyz')).status, 200);
  });

  it('answers for one check alone, and names them all when there is no such check', async () => {
    const server = await start();
    server.addReadyCheck('fan', () => ({ healthy: false }));
    assert.deepEqual(await get(server, '/readyz/fan'), {
      status: 503,
      type: 'text/plain; charset=utf-8',
      body: '[-]fan failed\nreadyz/fan check failed\n',
    });
    assert.equal((await get(server, '/readyz/ping')).status, 200);
    const { status, body } = await get(server, '/readyz/nothing');
    assert.deepEqual([status, body], [404, 'no check "nothing"; there are: ping, fan\n']);
  });

  it('serves metrics only when it has some', async () => {
    const metrics = { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => 'up 1\n' };
    assert.deepEqual(await get(await start({ metrics }), '/metrics'), {
      status: 200,
      type: metrics.contentType,
      body: 'up 1\n',
    });
    stop.abort();
    await running;
    stop = new AbortController();
    assert.equal((await get(await start(), '/metrics')).status, 404);
  });

  it('stops at once although a client keeps its connection, and listens no more', async () => {
    const server = await start();
    await get(server, '/healthz');
    const { port = 0 } = server.address ?? {};
    stop.abort();
    await running;
    assert.equal(server.address, undefined);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`));
  });

  it('says which port is in use and how to choose another', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      await assert.rejects(
        new HealthServer({ port, portOption: '--probes' }).run(stop.signal, () => {}),
        (error: CaptError) => {
          assert.equal(error.code, 'PORT_IN_USE');
          assert.match(error.message, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`));
          assert.match(error.hint, /--probes/);
          return true;
        },
      );
    } finally {
      other.close();
    }
  });

  it('says when the address is none of this machine', async () => {
    const server = new HealthServer({ port: 0, host: '192.0.2.1' });
    await assert.rejects(
      server.run(stop.signal, () => {}),
      (error: CaptError) => {
        assert.equal(error.code, 'HEALTH_LISTEN_FAILED');
        assert.match(error.message, /192\.0\.2\.1: .*EADDRNOTAVAIL/);
        return true;
      },
    );
  });
});
