import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { KubeObject, OwnerReference } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeObjectServer } from './fake-object-server.ts';
import {
  addOwner,
  controllerOf,
  ownerOfKind,
  ownerReferenceTo,
  refersTo,
  removeOwner,
  setController,
  withController,
  withOwner,
  withoutOwner,
} from './owner-references.ts';

const resource: Resource = { group: 'example.org', version: 'v2', kind: 'Thing', plural: 'things', namespaced: true };
const foreign: OwnerReference = { apiVersion: 'other.org/v1', kind: 'Other', name: 'o', uid: 'u-o' };
const thing: OwnerReference = { apiVersion: 'example.org/v2', kind: 'Thing', name: 't', uid: 'u-t' };

function object(metadata: KubeObject['metadata'] = {}): KubeObject {
  return { apiVersion: 'example.org/v2', kind: 'Thing', metadata: { name: 'a', namespace: 'n', ...metadata } };
}

describe('owner references', () => {
  it('match by group, kind and name; by uid when it is given', () => {
    assert.ok(refersTo(thing, { apiVersion: 'example.org/v1beta1', kind: 'Thing', name: 't' }));
    assert.ok(!refersTo(thing, { apiVersion: 'example.com/v2', kind: 'Thing', name: 't' }));
    assert.ok(!refersTo(thing, { apiVersion: 'example.org/v2', kind: 'Thing', name: 't', uid: 'other' }));
    assert.ok(refersTo({ ...thing, apiVersion: 'v1' }, { apiVersion: 'v1', kind: 'Thing', name: 't' }));
  });

  it('are added, replaced and removed without touching the others', () => {
    const list = Object.freeze([foreign]) as OwnerReference[];
    assert.deepEqual(withOwner(list, thing), [foreign, thing]);
    assert.deepEqual(withOwner(undefined, thing), [thing]);
    assert.equal(withOwner(list, foreign), list);
    const moved = { ...foreign, apiVersion: 'other.org/v2', uid: 'u-new' };
    assert.deepEqual(withOwner([foreign, thing], moved), [moved, thing]);
    assert.deepEqual(withoutOwner([foreign, thing], thing), [foreign]);
    assert.equal(withoutOwner(list, thing), list);
  });

  it('keep the flag of a controller that is named again as an owner', () => {
    const list = [{ ...thing, controller: true }];
    assert.equal(withOwner(list, thing), list);
  });

  it('name one controller only', () => {
    const owned = object({ ownerReferences: [{ ...foreign, controller: true }] });
    assert.throws(
      () => withController(owned, thing),
      (error: unknown) => {
        assert.ok(error instanceof CaptError);
        assert.equal(error.code, 'CONTROLLED_BY_ANOTHER');
        assert.match(error.message, /Thing n\/a is controlled by Other o and cannot be controlled by Thing t/);
        return true;
      },
    );
    const references = withController(object({ ownerReferences: [foreign] }), thing);
    assert.deepEqual(references, [foreign, { ...thing, controller: true }]);
    assert.deepEqual(withController(object({ ownerReferences: references }), { ...thing, uid: 'u-2' })[1]?.uid, 'u-2');
  });

  it('are found', () => {
    const owned = object({ ownerReferences: [foreign, { ...thing, controller: true }] });
    assert.equal(controllerOf(owned)?.name, 't');
    assert.equal(ownerOfKind(owned, { group: 'other.org', kind: 'Other' })?.name, 'o');
    assert.equal(ownerOfKind(owned, { group: '', kind: 'Other' }), undefined);
    assert.equal(controllerOf(object()), undefined);
  });

  it('are made only where the garbage collector sees the owner', () => {
    const owner = object({ name: 'owner', uid: 'u' });
    assert.deepEqual(ownerReferenceTo(resource, owner, object(), { controller: true }), {
      apiVersion: 'example.org/v2',
      kind: 'Thing',
      name: 'owner',
      uid: 'u',
      controller: true,
    });
    assert.throws(() => ownerReferenceTo(resource, owner, object({ namespace: 'm' })), /same namespace/);
    assert.throws(() => ownerReferenceTo(resource, object(), object()), /needs a uid/);
    const { namespace: _, ...nowhere } = owner.metadata;
    assert.equal(ownerReferenceTo(resource, { ...owner, metadata: nowhere }, object()).name, 'owner');
  });
});

describe('writing owner references', () => {
  let server: FakeObjectServer<KubeObject>;

  beforeEach(() => {
    server = new FakeObjectServer(object({ ownerReferences: [foreign] }));
  });

  it('keeps what others write meanwhile', async () => {
    const second = { ...foreign, name: 'second', uid: 'u-2' };
    const stale = server.copy;
    server.rival(({ metadata }) => metadata.ownerReferences?.push(second));
    await setController(server.client, resource, stale, thing);
    assert.deepEqual(server.copy.metadata.ownerReferences, [foreign, second, { ...thing, controller: true }]);
    await removeOwner(server.client, resource, server.copy, thing);
    assert.deepEqual(server.copy.metadata.ownerReferences, [foreign, second]);
  });

  it('sees a controller that came in between', async () => {
    server.rival(({ metadata }) => metadata.ownerReferences?.push({ ...foreign, name: 'fast', controller: true }));
    await assert.rejects(setController(server.client, resource, server.copy, thing), { code: 'CONTROLLED_BY_ANOTHER' });
  });

  it('writes nothing when there is nothing to write', async () => {
    await addOwner(server.client, resource, server.copy, foreign);
    await removeOwner(server.client, resource, server.copy, thing);
    assert.deepEqual(server.patches, []);
  });
});
