import assert from 'node:assert/strict';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, describe, it } from 'mocha';
import { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { errorFields } from '../../kube/telemetry/error-fields.ts';
import { FakeHardwareCache, fakeHardware } from '../fake-hardware.ts';
import { HardwareLookup } from '../lookup/hardware-lookup.ts';
import { type MetadataRoutesOptions, metadataRoutes } from './metadata-routes.ts';

const one = fakeHardware('one', '192.0.2.1', { metadata: { instance: { id: 'id-1', hostname: 'one' } } });
const two = fakeHardware('two', '192.0.2.2', { metadata: { instance: { id: 'id-2', hostname: 'two' } } });
const secretPaths = ['/2009-04-04/user-data', '/2009-04-04/vendor-data', '/nocloud/user-data', '/nocloud/vendor-data'];
const valuePaths = [...secretPaths, '/2009-04-04/meta-data/instance-id', '/metadata', '/nocloud/meta-data'];

let app: FastifyInstance;

interface Asked {
  from?: string;
  method?: 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS';
  headers?: Record<string, string>;
}

function serve(cache: FakeHardwareCache, options: Partial<MetadataRoutesOptions> & { trusted?: string[] } = {}) {
  app = fastify();
  const { trusted = [], ...rest } = options;
  app.register(metadataRoutes({ lookup: new HardwareLookup(cache), proxies: new TrustedProxies(trusted), ...rest }));
  return async (url: string, { from = '192.0.2.1', method = 'GET', headers = {} }: Asked = {}) => {
    const { statusCode: status, body, headers: sent } = await app.inject({ method, url, headers, remoteAddress: from });
    return { status, body, headers: sent };
  };
}

describe('metadata over HTTP', () => {
  afterEach(async () => app.close());

  it('gives each machine its own, as text', async () => {
    const ask = serve(new FakeHardwareCache(one, two));
    for (const [from, name] of [
      ['192.0.2.1', 'one'],
      ['::ffff:192.0.2.2', 'two'],
    ] as const) {
      const { status, body, headers } = await ask('/2009-04-04/user-data', { from });
      assert.deepEqual([status, body], [200, `secret of ${name}`]);
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal((await ask('/2009-04-04/meta-data/hostname/?x=1', { from })).body, name);
    }
  });

  it('answers 200 with nothing where a value is empty', async () => {
    const ask = serve(new FakeHardwareCache(one));
    const { status, body } = await ask('/2009-04-04/meta-data/tags');
    assert.deepEqual([status, body], [200, '']);
  });

  it('lists for anybody, and sends who forgot the slash to it', async () => {
    const ask = serve(new FakeHardwareCache());
    assert.equal((await ask('/2009-04-04/')).body, 'meta-data/\nuser-data');
    assert.equal((await ask('/2009-04-04/meta-data')).body, (await ask('/2009-04-04/meta-data/')).body);
    const { status, headers } = await ask('/2009-04-04');
    assert.deepEqual([status, headers['location']], [301, '/2009-04-04/']);
  });

  it('answers 404 without a body to whom it does not know, what there is not, and what is no GET', async () => {
    const ask = serve(new FakeHardwareCache(one));
    for (const answer of [
      ...(await Promise.all(valuePaths.map((path) => ask(path, { from: '192.0.2.9' })))),
      await ask('/2009-04-04/meta-data/nothing'),
      await ask('/2009-04-04/user-data', { method: 'HEAD' }),
      await ask('/2009-04-04/user-data', { method: 'POST', headers: { 'content-type': 'application/json' } }),
      await ask('/metadata', { method: 'DELETE' }),
      await ask('/2009-04-04/', { method: 'OPTIONS' }),
    ]) {
      assert.deepEqual([answer.status, answer.body], [404, '']);
    }
  });

  it('answers 503 and not 404 before the first list: cloud-init would go on without', async () => {
    const cache = new FakeHardwareCache(one);
    cache.hasSynced = false;
    const ask = serve(cache);
    for (const path of valuePaths) {
      const { status, body, headers } = await ask(path);
      assert.deepEqual([status, body, headers['retry-after']], [503, '', '1']);
    }
  });

  it('refuses both of two machines with one address, and says which they are', async () => {
    const ask = serve(new FakeHardwareCache(one, fakeHardware('thief', '192.0.2.1', {}, 'tenant')));
    const warnings: string[] = [];
    const stop = runtimeWarning.subscribe(({ error }) => warnings.push(errorFields(error).message));
    for (const path of valuePaths) {
      const { status, body } = await ask(path);
      assert.deepEqual([status, body], [500, '']);
    }
    stop();
    assert.deepEqual(warnings[0], 'no metadata for 192.0.2.1: it is in Hardware rack/one and tenant/thief');
    assert.ok(!warnings.join().includes('secret of'));
  });

  it('9.2 L nothing follows a 400: an address that is none gets no data, also with exactly one machine', async () => {
    const ask = serve(new FakeHardwareCache(one));
    for (const path of valuePaths) {
      const { status, body } = await ask(path, { from: 'no address' });
      assert.deepEqual([status, body], [400, '']);
    }
  });

  it('9.2 H identity is the source IP: only proxies that are named may speak for others', async () => {
    const cache = new FakeHardwareCache(one, two);
    const headers = { 'x-forwarded-for': '192.0.2.2', forwarded: 'for=192.0.2.2', 'x-real-ip': '192.0.2.2' };
    const closed = serve(cache);
    assert.equal((await closed('/2009-04-04/user-data', { headers })).body, 'secret of one');
    await app.close();
    const open = serve(cache, { trusted: ['10.0.0.0/24'] });
    assert.equal((await open('/2009-04-04/user-data', { headers })).body, 'secret of one');
    assert.equal((await open('/2009-04-04/user-data', { headers, from: '10.0.0.1' })).body, 'secret of two');
    // What a machine wrote into the header before the proxy added its address counts for nothing.
    const forged = { 'x-forwarded-for': '192.0.2.2, 192.0.2.1' };
    assert.equal((await open('/2009-04-04/user-data', { headers: forged, from: '10.0.0.1' })).body, 'secret of one');
    assert.equal((await open('/2009-04-04/user-data', { from: '10.0.0.1' })).status, 404);
  });

  it('9.2 H the instance endpoint is off, and keeps secrets from those who only know the id', async () => {
    const cache = new FakeHardwareCache(one, two);
    const path = (rest: string, id = 'id-2') => `/tootles/instanceID/${id}/2009-04-04${rest}`;
    assert.equal((await serve(cache)(path('/user-data'))).status, 404);
    await app.close();
    const ask = serve(cache, { instanceEndpoint: 'own-secrets' });
    assert.equal((await ask(path('/meta-data/hostname'))).body, 'two');
    for (const secret of ['/user-data', '/user-data/', '/vendor-data']) {
      const { status, body } = await ask(path(secret));
      assert.deepEqual([status, body], [403, '']);
    }
    assert.equal((await ask(path('/user-data'), { from: '192.0.2.2' })).body, 'secret of two');
    for (const id of ['', '%20', 'id-3']) assert.equal((await ask(path('/user-data', id))).status, 404);
    assert.equal((await ask(path(''))).headers['location'], path('/'));
    await app.close();
    assert.equal((await serve(cache, { instanceEndpoint: 'anybody' })(path('/user-data'))).body, 'secret of two');
  });

  it('9.2 L redirects go nowhere else, whatever host and path the request names', async () => {
    const ask = serve(new FakeHardwareCache(one), { instanceEndpoint: 'own-secrets' });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    for (const url of ['/2009-04-04', '/tootles/instanceID/evil.example/2009-04-04?a=http://evil.example']) {
      const { status, headers: sent } = await ask(url, { headers });
      assert.equal(status, 301);
      assert.match(String(sent['location']), /^\/(?!\/)/);
    }
  });

  it('serves Ignition only to whom it is meant', async () => {
    const config = '{"ignition":{"version":"3.4.0"}}';
    const ask = serve(new FakeHardwareCache(one, fakeHardware('two', '192.0.2.2', { userData: config })));
    const { body, headers } = await ask('/ignition', { from: '192.0.2.2' });
    assert.deepEqual([body, headers['content-type']], [config, 'application/vnd.coreos.ignition+json; charset=utf-8']);
    assert.equal((await ask('/ignition')).status, 404);
  });

  it('serves what rootio reads as JSON', async () => {
    const { body, headers } = await serve(new FakeHardwareCache(one))('/metadata');
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.deepEqual(JSON.parse(body), { metadata: { instance: { storage: { disks: null, filesystems: null } } } });
  });
});
