import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { planPorts } from './port-plan.ts';
import { chooseFreePort, isFreePort, requireFreePort } from './ports.ts';

/** Runs `work` with a port that is taken on loopback. */
async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

const is = (code: string) => (error: unknown) => error instanceof CaptError && error.code === code;

describe('ports', () => {
  it('are refused with the next step when they are taken', () =>
    withTakenPort(async (port) => {
      assert.equal(await isFreePort('127.0.0.1', port), false);
      await assert.rejects(requireFreePort('127.0.0.1', port, '--port'), (error: unknown) => {
        assert.ok(is('PORT_IN_USE')(error));
        assert.match((error as CaptError).hint, new RegExp(`${port}.*--port`));
        return true;
      });
    }));

  it('are refused on an address that is not of this machine', async () => {
    await assert.rejects(requireFreePort('192.0.2.1', 20_000, '--port'), is('LISTEN_FAILED'));
  });

  it('are chosen free, distinct, and the same as last time if possible', () =>
    withTakenPort(async (taken) => {
      assert.notEqual(await chooseFreePort('127.0.0.1', { preferred: taken, taken: [] }), taken);
      const port = await chooseFreePort('127.0.0.1', { taken: [] });
      assert.equal(await chooseFreePort('127.0.0.1', { preferred: port, taken: [] }), port);
      assert.notEqual(await chooseFreePort('127.0.0.1', { preferred: port, taken: [port] }), port);
    }));

  it('are chosen below those the kernel gives to outgoing connections', async () => {
    for (const random of [() => 0, () => 0.999_999]) {
      const port = await chooseFreePort('127.0.0.1', { taken: [], random });
      assert.ok(port >= 20_000 && port < 32_000);
    }
  });

  it('of a control plane are planned: asked for, else of last time, else the usual one', () =>
    withTakenPort(async (taken) => {
      const plan = (requested: number | undefined, previous?: { port?: number; etcdClientPort?: number }) =>
        planPorts({ listenAddress: '127.0.0.1', requested, previous });
      const any = await plan(0);
      assert.equal(new Set(Object.values(any)).size, 4);
      assert.equal((await plan(undefined, { port: any.api })).api, any.api);
      assert.equal((await plan(any.api, { port: taken })).api, any.api);
      await assert.rejects(plan(undefined, { port: taken }), is('PORT_IN_USE'));
      await assert.rejects(plan(taken), is('PORT_IN_USE'));
      assert.notEqual((await plan(0, { etcdClientPort: taken })).etcdClient, taken);
    }));
});
