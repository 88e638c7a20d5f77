import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import type { Condition } from '../../api/meta/condition.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { isReason } from '../client/errors.ts';
import { setCondition } from './conditions.ts';
import { FakeObjectServer } from './fake-object-server.ts';
import { ObjectPatcher } from './object-patcher.ts';

interface Thing extends KubeObject {
  spec: { size?: number; host?: string; tags?: string[] };
  status?: { phase?: string; addresses?: string[]; conditions?: Condition[] };
}

const resource: Resource<Thing> = {
  group: 'example.org',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
};
const now = Date.UTC(2026, 0, 1);
const ready = { type: 'Ready', status: 'True', reason: 'Fine' } as const;
const foreign: Condition = { ...ready, type: 'Foreign', message: '', lastTransitionTime: '2025-01-01T00:00:00Z' };

describe('ObjectPatcher', () => {
  let server: FakeObjectServer<Thing>;
  let patcher: ObjectPatcher<Thing>;
  let thing: Thing;

  beforeEach(() => {
    server = new FakeObjectServer<Thing>({
      apiVersion: 'example.org/v1',
      kind: 'Thing',
      metadata: { name: 'a', namespace: 'n', labels: { theirs: 'x' }, finalizers: ['foreign'] },
      spec: { size: 1, tags: ['a'] },
      status: { phase: 'New', conditions: [foreign] },
    });
    patcher = new ObjectPatcher(server.client, resource, server.copy, { ownedConditions: ['Ready'] });
    thing = patcher.object;
  });

  function say(status: Condition['status'], type = 'Ready', nowMs = now): void {
    const conditions = setCondition(thing.status?.conditions, { ...ready, type, status }, nowMs);
    thing.status = { ...thing.status, conditions };
  }

  it('writes nothing when nothing changed', async () => {
    assert.equal(patcher.changed, false);
    await patcher.patch();
    thing.spec = structuredClone(thing.spec);
    await patcher.patch();
    assert.deepEqual(server.transport.requests, []);
  });

  it('leaves the object it was given alone', () => {
    const given = server.copy;
    new ObjectPatcher(server.client, resource, given).object.spec.size = 5;
    assert.equal(given.spec.size, 1);
  });

  it('writes only the fields that changed, guarded by the uid', async () => {
    thing.spec.host = 'h1';
    delete thing.spec.size;
    thing.metadata.labels = { ...thing.metadata.labels, ours: 'y' };
    await patcher.patch();
    const metadata = { labels: { ours: 'y' }, uid: 'uid-1' };
    assert.deepEqual(server.patches, [
      { path: '/apis/example.org/v1/namespaces/n/things/a', body: { spec: { host: 'h1', size: null }, metadata } },
    ]);
  });

  it('keeps fields that others changed meanwhile', async () => {
    server.rival(({ spec, metadata }) => {
      spec.size = 7;
      metadata.labels = { theirs: 'z' };
    });
    thing.spec.host = 'h1';
    await patcher.patch();
    assert.deepEqual(server.copy.spec, { size: 7, host: 'h1', tags: ['a'] });
    assert.deepEqual(server.copy.metadata.labels, { theirs: 'z' });
  });

  it('writes metadata and spec first, then status', async () => {
    thing.status = { ...thing.status, phase: 'Done' };
    thing.spec.size = 2;
    const written = await patcher.patch();
    assert.deepEqual(
      server.patches.map(({ path }) => path.split('/').slice(-1)[0]),
      ['a', 'status'],
    );
    assert.deepEqual(written, server.copy);
    assert.deepEqual([written.spec.size, written.status?.phase], [2, 'Done']);
  });

  it('writes status alone when only that changed', async () => {
    thing.status = { ...thing.status, phase: 'Done' };
    await patcher.patch();
    assert.deepEqual(server.patches, [
      {
        path: '/apis/example.org/v1/namespaces/n/things/a/status',
        body: { status: { phase: 'Done' }, metadata: { uid: 'uid-1' } },
      },
    ]);
  });

  it('does not write what only the server writes', async () => {
    thing.metadata.generation = 99;
    thing.metadata.managedFields = [];
    thing.metadata.resourceVersion = '77';
    thing.kind = 'Other';
    await patcher.patch();
    assert.deepEqual(server.patches, []);
  });

  it('merges finalizers and owners with those of others', async () => {
    const owner = { apiVersion: 'example.org/v1', kind: 'Thing', name: 'o', uid: 'u' };
    server.rival(({ metadata }) => {
      metadata.finalizers = ['second'];
      metadata.ownerReferences = [{ ...owner, name: 'theirs' }];
    });
    thing.metadata.finalizers = ['foreign', 'ours'];
    thing.metadata.ownerReferences = [owner];
    await patcher.patch();
    assert.deepEqual(server.copy.metadata.finalizers, ['second', 'ours']);
    assert.deepEqual(server.copy.metadata.ownerReferences, [{ ...owner, name: 'theirs' }, owner]);
  });

  it('keeps the finalizers of others when it drops the whole list', async () => {
    server.rival(({ metadata }) => metadata.finalizers?.push('second'));
    delete thing.metadata.finalizers;
    await patcher.patch();
    assert.deepEqual(server.copy.metadata.finalizers, ['second']);
  });

  it('merges conditions with those of others', async () => {
    server.rival(({ status }) => status?.conditions?.push({ ...foreign, type: 'Late' }));
    say('True');
    await patcher.patch();
    const conditions = server.copy.status?.conditions ?? [];
    assert.deepEqual(
      conditions.map(({ type, status }) => [type, status]),
      [
        ['Ready', 'True'],
        ['Foreign', 'True'],
        ['Late', 'True'],
      ],
    );
  });

  it('wins with its own conditions, and makes no transition of what is so already', async () => {
    const theirs: Condition = { ...ready, reason: 'Theirs', message: '', lastTransitionTime: '2025-05-05T00:00:00Z' };
    server.rival(({ status }) => status?.conditions?.unshift(theirs));
    say('True');
    await patcher.patch();
    assert.deepEqual(server.copy.status?.conditions?.[0], { ...theirs, reason: 'Fine' });
  });

  it('calls a condition that somebody else changed too a conflict', async () => {
    server.rival(({ status }) => {
      if (status?.conditions?.[0]) status.conditions[0].reason = 'Other';
    });
    say('False', 'Foreign');
    await assert.rejects(
      patcher.patch(),
      (error: unknown) => isReason(error, 'Conflict') && /Foreign/.test(String(error)),
    );
    assert.equal(server.copy.status?.conditions?.[0]?.status, 'True');
  });

  it('changes a condition of others that nobody else touched', async () => {
    server.rival(({ spec }) => {
      spec.size = 3;
    });
    say('False', 'Foreign');
    await patcher.patch();
    assert.equal(server.copy.status?.conditions?.[0]?.status, 'False');
  });

  it('removes its own condition', async () => {
    say('True');
    await patcher.patch();
    thing.status = { ...thing.status, conditions: [foreign] };
    await patcher.patch();
    assert.deepEqual(server.copy.status?.conditions, [foreign]);
  });

  it('calls any other list that somebody else changed too a conflict, and loses nothing', async () => {
    server.rival(({ spec }) => spec.tags?.push('theirs'));
    thing.spec.tags = ['a', 'ours'];
    await assert.rejects(
      patcher.patch(),
      (error: unknown) => isReason(error, 'Conflict') && /spec\.tags/.test(String(error)),
    );
    assert.deepEqual(server.copy.spec.tags, ['a', 'theirs']);
  });

  it('replaces a list when only other things changed meanwhile', async () => {
    server.rival(({ spec }) => {
      spec.size = 9;
    });
    thing.spec.tags = ['b'];
    await patcher.patch();
    assert.deepEqual(server.copy.spec, { size: 9, tags: ['b'] });
  });

  it('sees lists in a branch that goes as a whole', async () => {
    server.rival(({ status }) => status?.conditions?.push({ ...foreign, type: 'Late' }));
    delete thing.status;
    await patcher.patch();
    assert.deepEqual(
      server.copy.status?.conditions?.map(({ type }) => type),
      ['Late'],
    );
  });

  it('can be called again and sends only what is new', async () => {
    thing.metadata.finalizers = ['foreign', 'ours'];
    await patcher.patch();
    say('True');
    await patcher.patch();
    await patcher.patch();
    assert.equal(server.patches.length, 2);
    assert.deepEqual(Object.keys(server.patches[1]?.body ?? {}), ['status', 'metadata']);
    assert.equal(thing.metadata.resourceVersion, server.copy.metadata.resourceVersion);
  });

  it('leaves the status of an object alone that went with its last finalizer', async () => {
    server.object = {
      ...server.copy,
      metadata: { ...server.copy.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    patcher = new ObjectPatcher(server.client, resource, server.copy, { ownedConditions: ['Ready'] });
    thing = patcher.object;
    thing.metadata.finalizers = [];
    say('False');
    await patcher.patch();
    assert.equal(server.object, undefined);
    assert.equal(server.patches.length, 1);
  });

  it('does not write to another object of the same name', async () => {
    server.rival(({ metadata }) => {
      metadata.uid = 'uid-2';
    });
    thing.spec.size = 2;
    await assert.rejects(patcher.patch(), /Invalid/);
    assert.equal(server.copy.spec.size, 1);
  });
});
