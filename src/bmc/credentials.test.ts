import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Secret } from '../api/core/secret.ts';
import { credentialsOf, keepLoginOnly, secretNameOf } from './credentials.ts';

const owner = { description: 'Machine ns/m', namespace: 'ns' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

function secret(data: Record<string, string>): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'ns', name: 's' }, data };
}

describe('the login of a BMC', () => {
  const get = (found: Secret | undefined, reference: object = { name: 's' }, allowCrossNamespaceSecrets = true) =>
    credentialsOf({ authSecretRef: reference }, owner, () => found, { allowCrossNamespaceSecrets });

  it('comes from the Secret that is named', () => {
    const found = secret({ username: base64('admin'), password: base64('pä ss') });
    assert.deepEqual(get(found), { username: 'admin', password: 'pä ss' });
    assert.deepEqual(secretNameOf({ authSecretRef: { name: 's' } }, 'ns'), { namespace: 'ns', name: 's' });
  });

  it('is missing with a reason', () => {
    assert.throws(() => get(undefined, {}), /Machine ns\/m names no Secret/);
    assert.throws(() => get(undefined), /there is no Secret ns\/s/);
    assert.throws(() => get(secret({ username: base64('admin') })), /Secret ns\/s has no password/);
  });

  it('L machine.go:242-262: may be forbidden to come from another namespace, whether it is there or not', () => {
    const found = secret({ username: base64('admin'), password: base64('x') });
    const reference = { namespace: 'theirs', name: 's' };
    assert.equal(get(found, reference).username, 'admin');
    for (const there of [found, undefined]) assert.throws(() => get(there, reference, false), /another namespace/);
  });

  it('is all that is kept of a Secret', () => {
    const kept = keepLoginOnly(secret({ username: 'a', password: 'b', other: 'c' }));
    assert.deepEqual(kept.data, { username: 'a', password: 'b' });
  });
});
