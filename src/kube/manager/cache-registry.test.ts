import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { CacheOptions } from '../cache/cache.ts';
import { Client } from '../client/client.ts';
import { FakeTransport } from '../client/fake-transport.ts';
import { CacheRegistry, describeCache } from './cache-registry.ts';

const hosts: Resource = { group: 'metal.example', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: true };
const byRack = () => ['r1'];

describe('CacheRegistry', () => {
  let registry: CacheRegistry;
  let created: string[];

  beforeEach(() => {
    registry = new CacheRegistry(new Client(new FakeTransport(() => ({}))));
    created = [];
  });

  const get = (resource: Resource, options: CacheOptions<KubeObject> = {}) =>
    registry.get(resource, options, (cache) => created.push(cache.resource.kind));

  const others: [string, Resource, CacheOptions<KubeObject>][] = [
    ['resource', { ...hosts, plural: 'jobs' }, {}],
    ['group', { ...hosts, group: 'other.example' }, {}],
    ['version', { ...hosts, version: 'v2' }, {}],
    ['namespace', hosts, { selection: { namespace: 'a' } }],
    ['label selector', hosts, { selection: { labelSelector: 'a' } }],
    ['field selector', hosts, { selection: { fieldSelector: 'a' } }],
  ];

  it('has one cache for a resource and a selection', () => {
    assert.equal(get(hosts), get(hosts, { selection: {} }));
    assert.deepEqual(created, ['Host']);
  });

  for (const [name, resource, options] of others) {
    it(`has another for another ${name}, with a name of its own`, () => {
      assert.notEqual(get(hosts), get(resource, options));
      assert.equal(registry.caches().length, 2);
      assert.notEqual(describeCache(hosts, {}), describeCache(resource, options));
    });
  }

  it('gives it again to who asks for more indexes, not for other ones', () => {
    const cache = get(hosts, { indexes: { byRack } });
    assert.equal(get(hosts, { indexes: { byRack } }), cache);
    assert.equal(get(hosts), cache);
    assert.equal(get(hosts, { indexes: { byZone: byRack } }), cache);
    assert.deepEqual(cache.byIndex('byZone', 'r1'), []);
    assert.throws(() => get(hosts, { indexes: { byRack: () => [] } }), /"byRack" with another function/);
    assert.throws(() => get(hosts, { transform: (object) => object }), /another transform/);
  });
});
