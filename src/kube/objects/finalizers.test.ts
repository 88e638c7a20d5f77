import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { isReason } from '../client/errors.ts';
import { FakeObjectServer } from './fake-object-server.ts';
import { addFinalizer, removeFinalizer, withFinalizer, withoutFinalizer } from './finalizers.ts';

const resource: Resource = { group: 'example.org', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
const ours = 'thing.example.org';

describe('finalizers', () => {
  let server: FakeObjectServer<KubeObject>;

  beforeEach(() => {
    server = new FakeObjectServer<KubeObject>({
      apiVersion: 'example.org/v1',
      kind: 'Thing',
      metadata: { name: 'a', namespace: 'n', finalizers: ['foreign'] },
    });
  });

  it('are computed without touching the list', () => {
    const list = Object.freeze(['foreign']) as string[];
    assert.deepEqual(withFinalizer(list, ours), ['foreign', ours]);
    assert.deepEqual(withFinalizer(undefined, ours), [ours]);
    assert.equal(withFinalizer(list, 'foreign'), list);
    assert.deepEqual(withoutFinalizer(list, 'foreign'), []);
    assert.equal(withoutFinalizer(list, ours), list);
  });

  it('are added once', async () => {
    const written = await addFinalizer(server.client, resource, server.copy, ours);
    assert.deepEqual(written.metadata.finalizers, ['foreign', ours]);
    assert.equal(await addFinalizer(server.client, resource, written, ours), written);
    assert.equal(server.patches.length, 1);
  });

  it('keep what others add and remove meanwhile', async () => {
    const stale = server.copy;
    server.rival(({ metadata }) => metadata.finalizers?.push('second'));
    server.rival(({ metadata }) => metadata.finalizers?.shift());
    await addFinalizer(server.client, resource, stale, ours);
    assert.deepEqual(server.copy.metadata.finalizers, ['second', ours]);
  });

  it('give up after so many lost races', async () => {
    for (let race = 0; race < 3; race++) server.rival(({ metadata }) => metadata.finalizers?.push(`f${race}`));
    await assert.rejects(
      addFinalizer(server.client, resource, server.copy, ours, { maxConflicts: 2 }),
      (error: unknown) => isReason(error, 'Conflict'),
    );
    assert.deepEqual(server.copy.metadata.finalizers, ['foreign', 'f0', 'f1', 'f2']);
  });

  it('are never written to another object of the same name', async () => {
    const stale = server.copy;
    server.rival(({ metadata }) => {
      metadata.uid = 'uid-2';
    });
    await assert.rejects(addFinalizer(server.client, resource, stale, ours), /Conflict/);
    assert.deepEqual(server.copy.metadata.finalizers, ['foreign']);
  });

  it('are removed, and an object that is gone has none', async () => {
    const written = await addFinalizer(server.client, resource, server.copy, ours);
    const left = await removeFinalizer(server.client, resource, written, ours);
    assert.deepEqual(left?.metadata.finalizers, ['foreign']);
    assert.equal(await removeFinalizer(server.client, resource, server.copy, ours).then((o) => o?.metadata.name), 'a');
    server.object = undefined;
    assert.equal(await removeFinalizer(server.client, resource, written, ours), undefined);
  });

  it('need an object that was read from the server', async () => {
    const fresh = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'n' } };
    await assert.rejects(addFinalizer(server.client, resource, fresh, ours), /resourceVersion is missing/);
  });
});
