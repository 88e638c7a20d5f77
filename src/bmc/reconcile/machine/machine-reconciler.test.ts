import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import type { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import { Client } from '../../../kube/client/client.ts';
import { FakeTransport } from '../../../kube/client/fake-transport.ts';
import { FakeEventRecorder } from '../../../kube/events/fake-event-recorder.ts';
import { FakeObjectServer } from '../../../kube/objects/fake-object-server.ts';
import { BmcError } from '../../bmc-error.ts';
import { FakeBmc, FakeDriver } from '../../fake-driver.ts';
import { providersOf } from '../../providers.ts';
import { BmcAccess } from '../access/bmc-access.ts';
import { type BmcSettings, defaultBmcSettings } from '../settings.ts';
import { InventoryCollector } from './inventory-collector.ts';
import { refreshAnnotation } from './inventory-decision.ts';
import { MachineReconciler } from './machine-reconciler.ts';

function rig(given: Partial<BmcSettings> = {}, linked: Hardware[] = []) {
  const clock = new FakeClock();
  const settings = { ...defaultBmcSettings, ...given };
  const bmc = new FakeBmc();
  const events = new FakeEventRecorder();
  const server = new FakeObjectServer<Machine>({
    apiVersion: 'bmc.tinkerbell.org/v1alpha1',
    kind: Machine.kind,
    metadata: { namespace: 'ns', name: 'm' },
    spec: { connection: { host: 'm', insecureTLS: true, authSecretRef: { name: 's' } } },
  });
  const applied: Record<string, unknown>[] = [];
  const hardwareClient = new Client(
    new FakeTransport(({ body }) => {
      applied.push(JSON.parse(body ?? '{}'));
      return { body: JSON.parse(body ?? '{}') };
    }),
  );
  const { username, password } = bmc.login;
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'ns', name: 's' },
    data: { username: btoa(username), password: btoa(password) },
  };
  const access = new BmcAccess(
    providersOf({ redfish: new FakeDriver(new Map([['m', bmc]]), 'redfish') }),
    settings,
    clock,
  );
  const common = { access, events, clock, settings };
  // The annotation of the Machine goes to its server, what is applied to the Hardware elsewhere.
  const inventory = new InventoryCollector({
    ...common,
    linked: () => linked,
    client: {
      apply: hardwareClient.apply.bind(hardwareClient),
      mergePatch: server.client.mergePatch.bind(server.client),
    } as Client,
  });
  const machines = { get: () => server.object };
  const secrets = { get: () => secret };
  const reconciler = new MachineReconciler({ ...common, client: server.client, machines, secrets, inventory });
  const { signal } = new AbortController();
  const reconcile = () => reconciler.reconcile({ namespace: 'ns', name: 'm' }, { signal });
  const seen = () => {
    const { powerState, conditions } = server.copy.status ?? {};
    return `${powerState}, ${conditions?.[0]?.status}: ${conditions?.[0]?.message}`;
  };
  return { bmc, clock, events, server, reconcile, seen, applied, secret };
}

function hardware(lastUpdated?: string, name = 'h'): Hardware {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { namespace: 'ns', name },
    spec: { bmcRef: { kind: 'Machine', name: 'm' } },
    ...(lastUpdated ? { status: { attributes: { outOfBand: { lastUpdated, product: { model: 'old' } } } } } : {}),
  } as Hardware;
}

describe('a bmc Machine', () => {
  it('tells whether it has power and who said so, and is asked again after a while', async () => {
    const { reconcile, seen } = rig();
    const { requeueAfterSeconds = 0 } = await reconcile();
    assert.equal(seen(), 'off, True: answered by redfish');
    assert.ok(requeueAfterSeconds >= 1620 && requeueAfterSeconds <= 1980);
  });

  it('L machine.go:49-53: is not asked in step with others, and an interval of 0 means three minutes', async () => {
    const { requeueAfterSeconds = 0 } = await rig({ powerCheckSeconds: 0 }).reconcile();
    assert.ok(requeueAfterSeconds >= 162 && requeueAfterSeconds <= 198 && requeueAfterSeconds !== 180);
  });

  it('costs no write while nothing changes', async () => {
    const { reconcile, server, clock } = rig();
    await reconcile();
    const writes = server.patches.length;
    for (let i = 0; i < 10; i++) {
      await clock.advance(1_800_000);
      await reconcile();
    }
    assert.equal(server.patches.length, writes);
  });

  it('L machine.go:184-186: that cannot be read says so at once and is soon asked again', async () => {
    const { bmc, reconcile, seen, events, clock, server } = rig();
    await reconcile();
    bmc.before = (call) => {
      if (call === 'powerState') throw new BmcError('unreachable', 'connection lost');
    };
    const { requeueAfterSeconds = 0 } = await reconcile();
    assert.match(seen(), /^unknown, False: BMC m cannot be reached: redfish: connection lost/);
    assert.ok(requeueAfterSeconds <= 2);
    assert.match(events.lines.join(), /Warning Machine ns\/m GetPowerStateFailed/);
    const since = server.copy.status?.conditions?.[0]?.lastUpdateTime;
    await clock.advance(5000);
    await reconcile();
    assert.equal(server.copy.status?.conditions?.[0]?.lastUpdateTime, since, 'the time moved without a flip');
    bmc.before = () => undefined;
    await clock.advance(60_000);
    await reconcile();
    assert.match(seen(), /^off, True/);
  });

  it('M no CRD field: sends no password of another namespace to a host of its own, where that is forbidden', async () => {
    const { bmc, reconcile, seen, server } = rig({ allowCrossNamespaceSecrets: false });
    const connection = server.object?.spec?.connection;
    if (connection) connection.authSecretRef = { namespace: 'theirs', name: 's' };
    await reconcile();
    assert.match(seen(), /^unknown, False: Machine ns\/m names Secret theirs\/s of another namespace/);
    assert.deepEqual(bmc.calls, []);
  });

  it('row 29, eks-anywhere#2748: tells at once that its login is missing or wrong', async () => {
    const { secret, reconcile, seen, bmc } = rig();
    const { password } = secret.data;
    secret.data.password = '';
    await reconcile();
    assert.match(seen(), /^unknown, False: Secret ns\/s has no password/);
    secret.data.password = btoa('wrong-password');
    await reconcile();
    assert.match(seen(), /^unknown, False: BMC m does not accept the login/);
    assert.ok(!seen().includes('wrong-password'));
    secret.data.password = password;
    await reconcile();
    assert.match(seen(), /^off, True/);
    assert.deepEqual(bmc.commands, []);
  });
});

describe('the inventory of a bmc Machine', () => {
  it('is applied to its Hardware, in an order that does not hang on the BMC', async () => {
    const { bmc, reconcile, applied } = rig({}, [hardware()]);
    bmc.parts = {
      model: 'R650',
      processors: [
        { cores: 8, threads: 16 },
        { cores: 4, threads: 8 },
      ],
      drives: [
        { model: 'B', rotational: false },
        { model: 'A', sizeBytes: 5, rotational: true },
      ],
      networkInterfaces: [{ name: 'eth0', macAddress: 'AA:BB:CC:00:00:01', linkUp: true }],
    };
    await reconcile();
    assert.deepEqual(applied[0]?.['status'], {
      attributes: {
        outOfBand: {
          cpu: {
            totalCores: 12,
            totalThreads: 24,
            sockets: [
              { cores: 4, threads: 8 },
              { cores: 8, threads: 16 },
            ],
          },
          blockDevices: [
            { model: 'A', sizeBytes: 5, driveType: 'HDD' },
            { model: 'B', driveType: 'SSD' },
          ],
          networkInterfaces: [{ name: 'eth0', ports: [{ mac: 'aa:bb:cc:00:00:01', linkStatus: 'LinkUp' }] }],
          product: { model: 'R650' },
          collectionMethod: 'redfish',
          lastUpdated: '2026-01-01T00:00:00Z',
        },
      },
    });
  });

  it('M inventory.go:235-237: that is unchanged is not read again before its time', async () => {
    const known = [hardware('2025-12-31T12:00:00Z')];
    const fresh = rig({}, known);
    await fresh.reconcile();
    assert.equal(fresh.applied.length, 0);
    const stale = rig({}, [hardware('2025-12-29T00:00:00Z')]);
    await stale.reconcile();
    // The BMC told nothing: what was known stays, and the time moves on.
    const lastUpdated = '2026-01-01T00:00:00Z';
    const outOfBand = { product: { model: 'old' }, collectionMethod: 'redfish', lastUpdated };
    assert.deepEqual(stale.applied[0]?.['status'], { attributes: { outOfBand } });
  });

  it('is read when somebody asks for it, once', async () => {
    const { server, reconcile, applied } = rig({}, [hardware('2025-12-31T23:59:00Z')]);
    if (server.object) server.object.metadata.annotations = { [refreshAnnotation]: 'true' };
    await reconcile();
    assert.equal(applied.length, 1);
    assert.equal(server.copy.metadata.annotations?.[refreshAnnotation], undefined);
  });

  it('is nobody’s where two Hardware claim it, and nothing fails where it cannot be had', async () => {
    const two = rig({}, [hardware(), hardware(undefined, 'h2')]);
    await two.reconcile();
    assert.match(two.events.lines.join(), /HardwareAmbiguous: several Hardware name this BMC: h, h2/);
    const none = rig({}, [hardware()]);
    none.bmc.capabilities.delete('inventory');
    await none.reconcile();
    assert.match(none.events.lines.join(), /InventoryUnreachable/);
    assert.match(none.seen(), /^off, True/);
    const off = rig({ collectInventory: false }, [hardware()]);
    await off.reconcile();
    assert.deepEqual(off.bmc.calls, ['open', 'powerState']);
  });
});
