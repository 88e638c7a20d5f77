import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Client } from '../client/client.ts';
import { KubeConnectionError } from '../client/errors.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import type { TransportRequest } from '../client/transport.ts';
import { managerChanged, managerWaiting } from '../telemetry/channels.ts';
import { FakeLeases } from './fake-leases.ts';
import { Manager, type ManagerOptions } from './manager.ts';
import type { Runnable } from './runnable.ts';

const hosts: Resource = { group: 'metal.example', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: true };
const jobs: Resource = { ...hosts, kind: 'Job', plural: 'jobs' };
const host: KubeObject = { apiVersion: 'metal.example/v1', kind: 'Host', metadata: { namespace: 'a', name: 'b' } };

const election = { namespace: 'capt-system', name: 'capt', identity: 'me', random: () => 0 };
const notFound: FakeAnswer = { status: 404, body: { kind: 'Status', code: 404, reason: 'NotFound' } };

describe('Manager', () => {
  let clock: FakeClock;
  let leases: FakeLeases;
  let stop: AbortController;
  let transport: FakeTransport;
  let happened: string[];
  let outcome: unknown;
  /** What lists of our resources are answered with. */
  let list: () => FakeAnswer;
  let linkDown: boolean;
  let watches: boolean;

  beforeEach(() => {
    clock = new FakeClock();
    leases = new FakeLeases();
    stop = new AbortController();
    happened = [];
    outcome = 'not run';
    linkDown = false;
    watches = true;
    list = () => ({ body: { metadata: { resourceVersion: '1' }, items: [] } });
    transport = new FakeTransport((request) => answer(request));
  });

  afterEach(async () => {
    stop.abort();
    await clock.advance(60_000);
  });

  function answer(request: TransportRequest): FakeAnswer {
    if (linkDown) throw new KubeConnectionError('request', 'connect ECONNREFUSED');
    if (request.path.includes('/leases')) {
      if (request.method !== 'GET') happened.push(`${request.method} lease`);
      return leases.answer(request);
    }
    if (request.method !== 'GET') {
      happened.push(`${request.method} host`);
      return { body: { ...host, metadata: { ...host.metadata, resourceVersion: '9' } } };
    }
    if (request.path.includes('watch=true')) {
      if (!watches) throw new KubeConnectionError('watch', 'cut off');
      return { body: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) } };
    }
    const answered = list();
    happened.push(`list ${answered.status ?? 200}`);
    return answered;
  }

  /** A runnable that records its life; `ready` by default at once, and it ends when told to stop. */
  function recorder(name: string, options: { ready?: boolean; ends?: boolean } = {}): Runnable {
    const { ready = true, ends = true } = options;
    return {
      name,
      run: (signal, markReady) => {
        happened.push(`start ${name}`);
        if (ready) markReady();
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            happened.push(`stop ${name}`);
            if (ends) resolve();
          });
        });
      },
    };
  }

  const controller = (name: string, ends = true) => {
    const { run } = recorder(name, { ends });
    return { name, run: (signal: AbortSignal) => run(signal, () => {}) };
  };

  function create(options: ManagerOptions = {}): Manager {
    return new Manager(new Client(transport, { clock }), { clock, server: 'https://10.0.0.1:6443', ...options });
  }

  async function run(manager: Manager): Promise<void> {
    outcome = 'running';
    void manager.run(stop.signal).then(
      () => {
        outcome = 'stopped';
      },
      (error: unknown) => {
        outcome = error;
      },
    );
    await clock.advance(0);
  }

  /** A manager with something in every phase. */
  function complete(options: ManagerOptions = {}): Manager {
    const manager = create({ leaderElection: election, ...options });
    // Added in the wrong order on purpose.
    manager.add(controller('hosts'));
    manager.addService(recorder('dhcp'));
    manager.cache(hosts);
    manager.addWebhooks(recorder('webhooks'));
    return manager;
  }

  it('starts in order and stops in the opposite one, releasing the lease after the controllers', async () => {
    await run(complete());
    assert.deepEqual(happened.splice(0), ['start webhooks', 'list 200', 'start dhcp', 'POST lease', 'start hosts']);
    stop.abort();
    await clock.advance(0);
    assert.deepEqual(happened, ['stop hosts', 'PUT lease', 'stop dhcp', 'stop webhooks']);
    assert.equal(outcome, 'stopped');
    assert.equal(leases.lease?.spec?.holderIdentity, undefined);
    assert.equal(clock.pending, 0, 'a timer was left behind');
  });

  it('tells how far it is', async () => {
    const states: string[] = [];
    const unsubscribe = managerChanged.subscribe(({ state }) => states.push(state));
    await run(complete());
    stop.abort();
    await clock.advance(0);
    unsubscribe();
    assert.deepEqual(states, ['starting', 'started', 'stopping', 'stopped']);
  });

  it('waits for caches, says why and since when, tells of it at intervals, and goes on by itself', async () => {
    const told: string[] = [];
    const unsubscribe = managerWaiting.subscribe(({ waiting }) => told.push(waiting.map(({ what }) => what).join()));
    list = () => notFound;
    const manager = complete();
    const since = new Date(clock.now());
    await run(manager);
    await clock.advance(25_000);
    assert.deepEqual(manager.waitingFor(), [
      {
        what: 'cache of hosts.metal.example/v1',
        reason:
          'API server https://10.0.0.1:6443 does not know: hosts.metal.example/v1; install the custom resource definitions: kubectl apply -f config/crd',
        since,
      },
    ]);
    assert.deepEqual(told, ['cache of hosts.metal.example/v1', 'cache of hosts.metal.example/v1']);
    assert.ok(!happened.includes('start hosts'));
    list = () => ({ body: { metadata: { resourceVersion: '1' }, items: [] } });
    await clock.advance(60_000);
    assert.ok(happened.includes('start hosts'));
    assert.deepEqual(manager.waitingFor(), []);
    const before = told.length;
    await clock.advance(60_000);
    assert.equal(told.length, before);
    unsubscribe();
  });

  it('says in words that the API server is away', async () => {
    linkDown = true;
    const manager = complete();
    await run(manager);
    assert.match(manager.waitingFor()[0]?.reason ?? '', /^API server https:\/\/10\.0\.0\.1:6443 does not answer: /);
  });

  it('says who leads while it waits for its turn', async () => {
    const other = create({ leaderElection: { ...election, identity: 'other' } });
    const otherStop = new AbortController();
    const otherRun = other.run(otherStop.signal);
    await clock.advance(0);
    const manager = complete();
    await run(manager);
    assert.equal(manager.waitingFor()[0]?.reason, 'lease capt-system/capt: other holds it');
    assert.ok(!happened.includes('start hosts'));
    otherStop.abort();
    await clock.advance(5000);
    await otherRun;
    assert.ok(happened.includes('start hosts'));
  });

  it('lets writes through only while it leads', async () => {
    const manager = complete();
    const write = () => manager.leaderClient.update(hosts, host);
    await assert.rejects(write(), { code: 'NOT_LEADING' });
    await run(manager);
    await write();
    await manager.client.update(hosts, host);
    stop.abort();
    await clock.advance(0);
    await assert.rejects(write(), { code: 'NOT_LEADING' });
  });

  it('hands that client to controllers that are made by a function, and takes part in no election unless told to', async () => {
    const manager = create();
    assert.equal(manager.leadership, undefined);
    let shared = false;
    manager.add(({ client, cache }) => {
      shared = cache(hosts) === manager.cache(hosts);
      assert.equal(client, manager.leaderClient);
      return controller('made');
    });
    await run(manager);
    assert.ok(shared);
    assert.deepEqual(happened, ['list 200', 'start made']);
    await manager.leaderClient.update(hosts, host);
  });

  it('stops its controllers and fails when it loses the lease', async () => {
    await run(complete());
    leases.edit((lease) => {
      lease.spec = { ...lease.spec, holderIdentity: 'thief' };
    });
    happened = [];
    await clock.advance(3000);
    assert.equal(codeOf(outcome), 'LEADERSHIP_LOST');
    assert.deepEqual(happened, ['PUT lease', 'stop hosts', 'stop dhcp', 'stop webhooks']);
    assert.equal(leases.lease?.spec?.holderIdentity, 'thief');
  });

  it('stops with the error of the part that failed first', async () => {
    const manager = complete();
    const boom = new Error('boom');
    let fail: (error: unknown) => void = () => {};
    manager.addService({
      name: 'fragile',
      run: (_, ready) => {
        ready();
        return new Promise((_resolve, reject) => {
          fail = reject;
        });
      },
    });
    manager.addService({
      name: 'infected',
      run: (signal, ready) => {
        ready();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('infected')));
        });
      },
    });
    await run(manager);
    happened = [];
    fail(boom);
    await clock.advance(0);
    assert.equal(outcome, boom);
    assert.deepEqual(happened, ['stop hosts', 'PUT lease', 'stop dhcp', 'stop webhooks']);
  });

  it('stops what had started when a later part fails to start', async () => {
    const manager = complete();
    const noPort = new CaptError('PORT_IN_USE', { port: 67, address: '::', option: '--dhcp-port' });
    manager.addService({ name: 'no port', run: () => Promise.reject(noPort) });
    await run(manager);
    assert.equal(outcome, noPort);
    assert.deepEqual(happened, ['start webhooks', 'list 200', 'start dhcp', 'stop dhcp', 'stop webhooks']);
  });

  it('stops in the middle of the start', async () => {
    const manager = complete();
    manager.addService(recorder('slow', { ready: false }));
    await run(manager);
    happened = [];
    stop.abort();
    await clock.advance(0);
    assert.equal(outcome, 'stopped');
    assert.deepEqual(happened, ['stop dhcp', 'stop slow', 'stop webhooks']);
  });

  it('names what does not stop, keeps to the deadline, and leaves the lease to expire', async () => {
    const manager = complete({ gracefulShutdownSeconds: 10 });
    manager.add(controller('stuck', false));
    await run(manager);
    stop.abort();
    await clock.advance(8900);
    assert.equal(outcome, 'running');
    await clock.advance(1100);
    assert.equal(codeOf(outcome), 'SHUTDOWN_INCOMPLETE');
    assert.match(String(outcome), /still running 10 s after the stop: controller stuck$/);
    assert.equal(leases.lease?.spec?.holderIdentity, 'me');
    assert.equal(happened.at(-1), 'stop webhooks');
  });

  it('shares one run among all who call it, and any of their signals stops it', async () => {
    const manager = complete();
    await run(manager);
    const second = new AbortController();
    const joined = manager.run(second.signal);
    await clock.advance(0);
    assert.equal(happened.filter((what) => what === 'start hosts').length, 1);
    second.abort();
    await clock.advance(0);
    await joined;
    assert.equal(outcome, 'stopped');
    await manager.run(new AbortController().signal);
    assert.equal(happened.filter((what) => what === 'start hosts').length, 1);
  });

  it('starts nothing when it was stopped before', async () => {
    const manager = complete();
    await manager.stop();
    await run(manager);
    assert.equal(outcome, 'stopped');
    assert.deepEqual(happened, []);
  });

  it('stops by `stop`, which waits for the end and leaves the error to `run`', async () => {
    const manager = complete();
    manager.addService({
      name: 'bad loser',
      run: (signal, ready) => {
        ready();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
      },
    });
    await run(manager);
    let over = false;
    void manager.stop().then(() => {
      over = true;
    });
    await clock.advance(0);
    assert.ok(over);
    assert.equal(outcome, 'stopped');
  });

  it('starts a cache at once that is asked for while it runs', async () => {
    const manager = complete();
    await run(manager);
    const late = manager.cache(jobs);
    await clock.advance(0);
    assert.ok(late.hasSynced);
  });

  describe('/readyz', () => {
    async function readyz(manager: Manager): Promise<{ status: number; body: string }> {
      const response = await fetch(`http://127.0.0.1:${manager.healthAddress?.port}/readyz`);
      return { status: response.status, body: await response.text() };
    }

    /** Real sockets need real time; none of it is waited for blindly. */
    async function until(condition: () => boolean): Promise<void> {
      const end = performance.now() + 5000;
      while (!condition() && performance.now() < end) await clock.advance(0);
      assert.ok(condition());
    }

    it('tells what is not ready and why, and is fine with a standby', async () => {
      list = () => notFound;
      const manager = complete({ health: { port: 0 } });
      await run(manager);
      await until(() => manager.waitingFor()[0]?.reason.includes('does not know') === true);
      const waiting = await readyz(manager);
      assert.equal(waiting.status, 503);
      assert.match(waiting.body, /^\[\+\]webhooks ok$/m);
      assert.match(
        waiting.body,
        /^\[-\]caches failed: cache of hosts\S+ waits since 2026-01-01T\S+Z: API server .* does not know: hosts/m,
      );
      assert.match(waiting.body, /^\[-\]services failed: not started; cache of hosts/m);
      assert.match(waiting.body, /^\[\+\]leader-election ok: not started; cache of hosts/m);

      leases.answer({
        method: 'POST',
        path: '',
        signal: stop.signal,
        body: JSON.stringify({ metadata: {}, spec: { holderIdentity: 'other' } }),
      });
      list = () => ({ body: { metadata: { resourceVersion: '1' }, items: [] } });
      await clock.advance(5000);
      const standby = await readyz(manager);
      assert.equal(standby.status, 200);
      assert.match(
        standby.body,
        /^\[\+\]leader-election ok: leader election waits since \S+: lease capt-system\/capt: other holds it$/m,
      );

      stop.abort();
      await until(() => outcome === 'stopped');
    });

    it('is fine with a cache that cannot follow for the moment, and says so', async () => {
      const manager = complete({ health: { port: 0 } });
      watches = false;
      await run(manager);
      await until(() => happened.includes('start hosts'));
      const { status, body } = await readyz(manager);
      assert.equal(status, 200);
      assert.match(body, /^\[\+\]caches ok: cache of hosts\S+ is stale: API server \S+ does not answer: cut off$/m);
      stop.abort();
      await until(() => outcome === 'stopped');
    });

    it('fails while the manager stops', async () => {
      const manager = complete({ health: { port: 0 } });
      manager.add(controller('stuck', false));
      await run(manager);
      await until(() => happened.includes('start stuck'));
      assert.equal((await readyz(manager)).status, 200);
      stop.abort();
      await clock.advance(0);
      const stopping = await readyz(manager);
      assert.equal(stopping.status, 503);
      assert.match(stopping.body, /^\[-\]shutdown failed: stopping$/m);
      await clock.advance(30_000);
      await until(() => outcome !== 'running');
      assert.equal(codeOf(outcome), 'SHUTDOWN_INCOMPLETE');
    });
  });
});

function codeOf(error: unknown): string | undefined {
  return error instanceof CaptError ? error.code : undefined;
}
