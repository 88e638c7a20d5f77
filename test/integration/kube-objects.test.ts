import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import type { Condition } from '../../src/api/meta/condition.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { isReason } from '../../src/kube/client/errors.ts';
import { setCondition } from '../../src/kube/objects/conditions.ts';
import { addFinalizer, removeFinalizer } from '../../src/kube/objects/finalizers.ts';
import { ObjectPatcher } from '../../src/kube/objects/object-patcher.ts';
import { addOwner, ownerReferenceTo, removeOwner, setController } from '../../src/kube/objects/owner-references.ts';
import { TestNamespace } from '../support/test-namespace.ts';

/** The core kind whose status holds conditions of `metav1`. */
interface Service extends KubeObject {
  spec?: { ports?: { port: number }[]; sessionAffinity?: string };
  status?: { conditions?: Condition[]; loadBalancer?: object };
}

const Service: Resource<Service> = { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true };

describe('writing objects on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let map: ConfigMap;

  before(async () => {
    own = await TestNamespace.create('kube-objects');
    ({ client, name: namespace } = own);
  });

  after(async () => {
    await own[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    map = await client.create(ConfigMap, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { generateName: 'map-', namespace },
      data: { size: '1' },
    });
  });

  function nameOfMap(): { namespace: string; name: string } {
    return { namespace, name: map.metadata.name ?? '' };
  }

  it('loses no finalizer of many writers that all begin with the same copy', async () => {
    const finalizers = Array.from({ length: 8 }, (_, index) => `writer-${index}.example.org/f`);
    const options = { maxConflicts: 30 };
    await Promise.all(finalizers.map((finalizer) => addFinalizer(client, ConfigMap, map, finalizer, options)));
    const full = await client.get(ConfigMap, nameOfMap());
    assert.deepEqual(full.metadata.finalizers?.toSorted(), finalizers);

    const [ours = '', ...others] = finalizers;
    await client.delete(ConfigMap, nameOfMap());
    const dying = await client.get(ConfigMap, nameOfMap());
    await Promise.all(others.map((finalizer) => removeFinalizer(client, ConfigMap, dying, finalizer, options)));
    const left = await client.get(ConfigMap, nameOfMap());
    assert.deepEqual(left.metadata.finalizers, [ours]);
    await assert.rejects(addFinalizer(client, ConfigMap, left, 'late.example.org/f'), (error: unknown) =>
      isReason(error, 'Invalid', 'Forbidden'),
    );
    await removeFinalizer(client, ConfigMap, left, ours);
    assert.equal(await client.find(ConfigMap, nameOfMap()), undefined);
    assert.equal(await removeFinalizer(client, ConfigMap, left, ours), undefined);
  });

  it('loses no owner of many writers, and keeps one controller', async () => {
    // They have to exist, or the garbage collector takes what they own.
    const owner = (name: string) => client.create(ConfigMap, { ...map, metadata: { name, namespace } });
    const owners = await Promise.all(['o-0', 'o-1', 'o-2', 'o-3', 'o-4'].map(owner));
    const [reference, ...others] = owners.map((object) => ownerReferenceTo(ConfigMap, object, map));
    assert.ok(reference);
    const options = { maxConflicts: 30 };
    await Promise.all([
      setController(client, ConfigMap, map, reference, options),
      ...others.map((other) => addOwner(client, ConfigMap, map, other, options)),
    ]);
    const owned = await client.get(ConfigMap, nameOfMap());
    assert.equal(owned.metadata.ownerReferences?.length, 5);
    await assert.rejects(setController(client, ConfigMap, owned, { ...reference, name: 'o-1' }), {
      code: 'CONTROLLED_BY_ANOTHER',
    });
    await Promise.all(others.map((other) => removeOwner(client, ConfigMap, owned, other, options)));
    const left = await client.get(ConfigMap, nameOfMap());
    assert.deepEqual(left.metadata.ownerReferences, [{ ...reference, controller: true }]);
  });

  it('patches what changed and nothing else, without churn', async () => {
    await client.mergePatch(ConfigMap, nameOfMap(), { data: { theirs: 'yes' }, metadata: { labels: { theirs: 'l' } } });
    const patcher = new ObjectPatcher(client, ConfigMap, map);
    patcher.object.data = { ours: 'yes' };
    patcher.object.metadata.annotations = { 'example.org/ours': 'a' };
    const written = await patcher.patch();
    assert.deepEqual(written.data, { theirs: 'yes', ours: 'yes' });
    assert.deepEqual(written.metadata.labels, { theirs: 'l' });
    await patcher.patch();
    const { metadata } = await client.get(ConfigMap, nameOfMap());
    assert.equal(metadata.resourceVersion, written.metadata.resourceVersion);
  });

  it('does not write to another object that has taken the name', async () => {
    await client.delete(ConfigMap, nameOfMap());
    await client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: nameOfMap() });
    const patcher = new ObjectPatcher(client, ConfigMap, map);
    patcher.object.data = { size: '2' };
    await assert.rejects(patcher.patch(), (error: unknown) => isReason(error, 'Conflict', 'Invalid'));
    await assert.rejects(addFinalizer(client, ConfigMap, map, 'a.example.org/f'), (error: unknown) =>
      isReason(error, 'Conflict'),
    );
    const { data, metadata } = await client.get(ConfigMap, nameOfMap());
    assert.deepEqual([data, metadata.finalizers], [undefined, undefined]);
  });

  it('merges the conditions of many writers, metadata and status in one go', async () => {
    const service = await client.create(Service, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { generateName: 'service-', namespace },
      spec: { ports: [{ port: 80 }] },
    });
    const name = { namespace, name: service.metadata.name ?? '' };
    const write = async (index: number, reason: string) => {
      const type = `Writer${index}`;
      const patcher = new ObjectPatcher(client, Service, service, { ownedConditions: [type] });
      const { object } = patcher;
      object.metadata.finalizers = [`writer-${index}.example.org/f`];
      object.metadata.labels = { [`writer-${index}`]: 'yes' };
      const conditions = setCondition([], { type, status: 'True', reason, observedGeneration: 1 }, Date.now());
      object.status = { ...object.status, conditions };
      await patcher.patch({ maxConflicts: 30 });
    };
    const writers = [0, 1, 2, 3];
    await Promise.all(writers.map((index) => write(index, 'First')));
    const first = await client.get(Service, name);
    await Promise.all(writers.map((index) => write(index, 'Second')));
    const { metadata, status } = await client.get(Service, name);
    assert.deepEqual(
      status?.conditions?.map(({ type, reason }) => [type, reason]),
      writers.map((index) => [`Writer${index}`, 'Second']),
    );
    assert.deepEqual(
      status?.conditions?.map(({ lastTransitionTime }) => lastTransitionTime),
      first.status?.conditions?.map(({ lastTransitionTime }) => lastTransitionTime),
    );
    assert.equal(metadata.finalizers?.length, 4);
    assert.equal(Object.keys(metadata.labels ?? {}).length, 4);
    await client.mergePatch(Service, name, { metadata: { finalizers: null } });
  });
});
