import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { CustomResourceDefinition } from '../../src/api/apiextensions/custom-resource-definition.ts';
import { Lease } from '../../src/api/coordination/lease.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { CaptError } from '../../src/api/errors/capt-error.ts';
import type { UnstructuredObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import { Client } from '../../src/kube/client/client.ts';
import { CredentialsSource } from '../../src/kube/client/credentials.ts';
import { HttpTransport } from '../../src/kube/client/transport.ts';
import { Controller } from '../../src/kube/controller/controller.ts';
import { watch } from '../../src/kube/controller/watch-source.ts';
import { Manager, type ManagerOptions } from '../../src/kube/manager/manager.ts';
import { preflight, type RequiredKind } from '../../src/kube/manager/preflight.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const ServiceAccount: Resource<UnstructuredObject> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

/** How a client reaches a server, each part as wrong as a test wants it. */
interface Way {
  server?: string;
  ca?: string | undefined;
  cert?: string;
  token?: string;
}

describe('a manager on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  /** A kind of this run alone, not installed yet. */
  let Widget: Resource<UnstructuredObject>;
  let stop: AbortController;
  let runs: Promise<unknown>[];

  before(async () => {
    own = await TestNamespace.create('kube-manager');
    ({ client, name: namespace } = own);
  });

  after(async () => {
    await own[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    stop = new AbortController();
    runs = [];
    const group = `g${randomBytes(4).toString('hex')}.capt.test`;
    Widget = { group, version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true };
  });

  afterEach(async () => {
    stop.abort();
    await Promise.all(runs);
    const crd = `${Widget.plural}.${Widget.group}`;
    if (await client.find(CustomResourceDefinition, { name: crd })) {
      await client.delete(CustomResourceDefinition, { name: crd });
    }
  });

  /** A client that goes the given way instead of the right one. */
  function wayward({ server, token, cert, ...rest }: Way): Client {
    const credentials = testControlPlane().adminCredentials;
    const ca = 'ca' in rest ? rest.ca : credentials.ca;
    const source = new CredentialsSource((options) => {
      Object.assign(options, ca === undefined ? {} : { ca }, cert === undefined ? {} : { cert, key: cert });
      if (token !== undefined) options.headers.Authorization = `Bearer ${token}`;
      return Promise.resolve();
    });
    return new Client(new HttpTransport({ server: server ?? credentials.server, credentials: source }));
  }

  async function installWidgets(version: string, fields: string[] = []): Promise<void> {
    const { group, kind, plural } = Widget;
    const properties = Object.fromEntries(fields.map((field) => [field, { type: 'string' }]));
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } };
    await client.create(CustomResourceDefinition, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, listKind: 'WidgetList', singular: 'widget' },
        versions: [{ name: version, served: true, storage: true, schema: schema as never }],
      },
    });
  }

  function createWidget(name: string): Promise<UnstructuredObject> {
    const { group, kind } = Widget;
    return client.create(Widget, { apiVersion: `${group}/v1`, kind, metadata: { namespace, name } });
  }

  /** Runs a manager until the test ends; what it fails with is kept for the test to look at. */
  function start(manager: Manager, signal = stop.signal): { error?: unknown; ended: Promise<void> } {
    const outcome: { error?: unknown; ended: Promise<void> } = {
      ended: manager.run(signal).catch((error: unknown) => {
        outcome.error = error;
      }),
    };
    runs.push(outcome.ended);
    return outcome;
  }

  /** A manager whose controller remembers the widgets it has seen. */
  function widgetManager(seen: string[], options: ManagerOptions = {}): Manager {
    const { server } = testControlPlane().adminCredentials;
    const manager = new Manager(client, { server, ...options });
    const backoff = { maxSeconds: 0.3 };
    manager.add(
      ({ cache }) =>
        new Controller({
          name: `widgets-${randomBytes(2).toString('hex')}`,
          watches: [watch(cache(Widget, { selection: { namespace }, backoff }))],
          reconcile: async ({ name }) => {
            seen.push(name);
          },
        }),
    );
    return manager;
  }

  it('waits for a CRD that is missing, says so in /readyz, and goes on by itself when it is applied', async () => {
    const seen: string[] = [];
    const manager = widgetManager(seen, { health: { port: 0 } });
    const readyz = async () => {
      const response = await fetch(`http://127.0.0.1:${manager.healthAddress?.port}/readyz`);
      return { status: response.status, body: await response.text() };
    };
    start(manager);
    await eventually(async () => {
      const { status, body } = await readyz();
      assert.equal(status, 503);
      assert.match(
        body,
        /^\[-\]caches failed: .* waits since \S+Z: .*does not know: widgets\..*kubectl apply -f config\/crd/m,
      );
    });
    assert.equal(manager.waitingFor().length, 1);
    await installWidgets('v1');
    await eventually(async () => assert.equal((await readyz()).status, 200));
    assert.deepEqual(manager.waitingFor(), []);
    await eventually(() => createWidget('first').then(() => {}));
    await eventually(() => assert.ok(seen.includes('first')));
  });

  it('says which rights are missing while it waits', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'nobody' } };
    await client.create(ServiceAccount, account);
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { namespace, name: 'nobody' },
      spec: {},
    };
    const { status } = await client.create(ServiceAccount, request, { subresource: 'token' });
    const nobody = wayward({ token: (status as { token: string }).token });
    const manager = new Manager(nobody, { leaderElection: { namespace, name: 'forbidden' } });
    const secrets = manager.cache(Secret, { selection: { namespace } });
    start(manager);
    await eventually(() => assert.match(manager.waitingFor()[0]?.reason ?? '', /forbids the request \(403\).*nobody/));
    assert.equal(secrets.hasSynced, false);
    assert.match(await preflight(nobody, [], { server: 'x' }), /^v1\.\d+/);
    stop.abort();
    await Promise.all(runs);
    await nobody.close();
  });

  it('lets one of two managers work, and the other when that stops', async () => {
    await installWidgets('v1');
    const leaderElection = {
      namespace,
      name: 'pair',
      leaseDurationSeconds: 3,
      renewDeadlineSeconds: 2,
      retryPeriodSeconds: 0.3,
    };
    const seen: [string[], string[]] = [[], []];
    const firstStop = new AbortController();
    const first = start(widgetManager(seen[0], { leaderElection }), firstStop.signal);
    await eventually(() => createWidget('one').then(() => {}));
    await eventually(() => assert.deepEqual(seen[0], ['one']));
    const second = widgetManager(seen[1], { leaderElection });
    start(second);
    await eventually(() => assert.match(second.waitingFor()[0]?.reason ?? '', /holds it$/));
    firstStop.abort();
    await first.ended;
    assert.equal(first.error, undefined);
    await eventually(() => assert.deepEqual(seen[1], ['one']));
    await createWidget('two');
    await eventually(() => assert.deepEqual(seen, [['one'], ['one', 'two']]));
  });

  it('ends with an error when the lease is taken away, and refuses to write from then on', async () => {
    const leaderElection = {
      namespace,
      name: 'stolen',
      leaseDurationSeconds: 3,
      renewDeadlineSeconds: 2,
      retryPeriodSeconds: 0.3,
    };
    const manager = new Manager(client, { leaderElection });
    let working: boolean | undefined;
    manager.add({
      name: 'worker',
      run: (signal) => {
        working = true;
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            working = false;
            resolve();
          }),
        );
      },
    });
    const { leaderClient } = manager;
    const outcome = start(manager);
    await eventually(() => assert.ok(working));
    await client.mergePatch(Lease, { namespace, name: 'stolen' }, { spec: { holderIdentity: 'thief' } });
    await outcome.ended;
    assert.equal((outcome.error as CaptError).code, 'LEADERSHIP_LOST');
    assert.equal(working, false);
    await assert.rejects(leaderClient.delete(Lease, { namespace, name: 'stolen' }), { code: 'NOT_LEADING' });
  });

  describe('preflight', () => {
    const codeOf = async (way: Client, kinds: RequiredKind[] = []): Promise<string> => {
      try {
        return await preflight(way, kinds, { server: 'https://there', timeoutSeconds: 5 });
      } catch (error) {
        if (error instanceof CaptError) return error.code;
        throw error;
      } finally {
        if (way !== client) await way.close();
      }
    };

    it('tells apart what can be wrong on the way to an API server', async () => {
      const web = createServer((_, response) => response.end('<html>It works!'));
      await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
      const { port } = web.address() as AddressInfo;
      try {
        assert.equal(await codeOf(wayward({ server: `http://127.0.0.1:${port}` })), 'NOT_KUBERNETES');
        assert.equal(await codeOf(wayward({ server: `https://127.0.0.1:${port}` })), 'NOT_KUBERNETES');
      } finally {
        web.close();
        web.closeAllConnections();
      }
      const { server } = testControlPlane().adminCredentials;
      assert.equal(await codeOf(wayward({ server: `https://127.0.0.1:${port}` })), 'API_SERVER_UNREACHABLE');
      assert.equal(await codeOf(wayward({ server: 'https://nowhere.invalid' })), 'API_SERVER_UNREACHABLE');
      assert.equal(await codeOf(wayward({ server: server.replace('https:', 'http:') })), 'NOT_KUBERNETES');
      assert.equal(await codeOf(wayward({ ca: undefined })), 'API_SERVER_NOT_TRUSTED');
      assert.equal(await codeOf(wayward({ ca: 'rubbish' })), 'API_SERVER_NOT_TRUSTED');
      assert.equal(await codeOf(wayward({ cert: 'rubbish' })), 'API_CREDENTIALS_UNUSABLE');
      assert.equal(await codeOf(wayward({ token: 'expired' })), 'API_UNAUTHENTICATED');
      assert.match(await codeOf(client), /^v1\./);
    });

    it('tells apart a CRD that is missing, that is older and that fits', async () => {
      assert.equal(await codeOf(client, [Secret, Widget]), 'CRD_MISSING');
      await installWidgets('v1', ['colour']);
      await eventually(async () => assert.match(await codeOf(client, [Secret, Widget]), /^v1\./));
      assert.equal(await codeOf(client, [{ ...Widget, version: 'v2' }]), 'CRD_TOO_OLD');
      assert.equal(await codeOf(client, [{ ...Widget, version: 'v1beta1' }]), 'CRD_VERSION_NOT_SERVED');
      const withField = (field: string) => codeOf(client, [{ ...Widget, requiredFields: [`spec.${field}`] }]);
      // The server publishes its schemas a moment after it serves them.
      await eventually(async () => assert.equal(await withField('size'), 'CRD_TOO_OLD'));
      assert.match(await withField('colour'), /^v1\./);
    });
  });
});
