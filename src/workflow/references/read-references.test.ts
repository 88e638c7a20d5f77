import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Client } from '../../kube/client/client.ts';
import { KubeConnectionError } from '../../kube/client/errors.ts';
import { type FakeHandler, FakeTransport } from '../../kube/client/fake-transport.ts';
import { readReferences } from './read-references.ts';
import { referenceRules } from './reference-rules.ts';

type References = NonNullable<NonNullable<Hardware['spec']>['references']>;

const anything = referenceRules({
  allow: ['{"reference":{"namespace":[{"wildcard":"*"}],"resource":[{"wildcard":"*"}]}}'],
});
const dns = { namespace: 'site', name: 'dns', version: 'v1', resource: 'configmaps' };

async function read(references: References, handler: FakeHandler, rules = anything) {
  const transport = new FakeTransport(handler);
  const hardware: Hardware = {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { namespace: 'site', name: 'hw' },
    spec: { references },
  };
  const { signal } = new AbortController();
  const result = await readReferences(new Client(transport), rules, hardware, { signal, maxBytes: 1000 });
  assert.equal(result.hardware, hardware);
  return { ...result, paths: transport.requests.map(({ method, path }) => `${method} ${path}`) };
}

/** A Secret that no message may repeat. */
const secretText = 's3cret-value';

describe('reading what Hardware refers to', () => {
  it('asks for any resource, with namespace or without, and keeps all digits of whole numbers', async () => {
    const references: References = {
      dns,
      node: { name: 'n1', version: 'v1', resource: 'nodes' },
      rack: { namespace: 'site', name: 'r:1', group: 'example.org', version: 'v1beta1', resource: 'racks' },
    };
    const { objects, failures, paths } = await read(references, ({ path }) => ({
      body: `{"path":"${path}","big":9007199254740993,"float":1.0}`,
    }));
    assert.deepEqual(failures, []);
    assert.deepEqual(paths.sort(), [
      'GET /api/v1/namespaces/site/configmaps/dns',
      'GET /api/v1/nodes/n1',
      'GET /apis/example.org/v1beta1/namespaces/site/racks/r%3A1',
    ]);
    assert.deepEqual(objects['dns'], { path: paths[0]?.slice(4), big: 9007199254740993n, float: 1 });
    assert.deepEqual(Object.keys(objects), ['dns', 'node', 'rack']);
  });

  it('asks for nothing that the rules do not open', async () => {
    const { objects, failures, paths } = await read({ dns }, () => assert.fail('asked'), referenceRules({}));
    assert.deepEqual([objects, paths], [{}, []]);
    assert.deepEqual(failures, [
      {
        message:
          'reference "dns" (configmaps site/dns): no rule of --tink-controller-reference-allow-list-rules allows it',
        passing: false,
      },
    ]);
  });

  const passing = (what: string) => ({ message: `reference "dns" (configmaps site/dns): ${what}`, passing: true });
  const lasting = (what: string) => ({ message: `reference "dns" (configmaps site/dns): ${what}`, passing: false });
  const broken = () => {
    throw new KubeConnectionError('get', new Error(secretText));
  };
  const answers: [what: string, handler: FakeHandler, failure: object][] = [
    [
      'there is no such object',
      () => ({ status: 404, body: secretText }),
      lasting('not found; create it, or correct spec.references'),
    ],
    [
      'it may not be read',
      () => ({ status: 403, body: secretText }),
      lasting('forbidden; give the role of capt the verb get on it'),
    ],
    ['it is too long', () => ({ body: { data: secretText.repeat(100) } }), lasting('it is longer than 1000 bytes')],
    [
      'the server has a fault',
      () => ({ status: 500, body: secretText }),
      passing('the API server answers with status 500'),
    ],
    ['the answer is no JSON', () => ({ body: `{"data": ${secretText}` }), passing('the answer is no JSON')],
    ['the server does not answer', broken, passing('the API server does not answer')],
  ];
  for (const [what, handler, failure] of answers) {
    it(`§9.4 L reconciler.go:353: has nothing and says so when ${what}, without a word of the answer, and goes on with the others`, async () => {
      const references = { dns, zone: { ...dns, name: 'zone' } };
      const { objects, failures } = await read(references, (request) =>
        request.path.endsWith('/zone') ? { body: { fine: true } } : handler(request),
      );
      assert.deepEqual(failures, [failure]);
      assert.deepEqual(objects, { zone: { fine: true } });
    });
  }

  it('asks for nothing but objects: no subresources, no other paths', async () => {
    const wrong: [string, References[string]][] = [
      ['resource', { ...dns, resource: 'pods/log' }],
      ['resource', { ...dns, resource: '../secrets' }],
      ['resource', { ...dns, resource: '' }],
      ['version', { ...dns, version: '' }],
      ['version', { ...dns, version: 'v1/namespaces/x' }],
      ['group', { ...dns, group: 'a/b' }],
      ['name', { ...dns, name: '..' }],
      ['name', { ...dns, name: 'a/token' }],
      ['name', { ...dns, name: '' }],
      ['name', { ...dns, name: 'a%2fb' }],
      ['namespace', { ...dns, namespace: 'a/b' }],
      ['namespace, version', { name: 'x', namespace: '.', resource: 'nodes' }],
    ];
    for (const [field, reference] of wrong) {
      const { failures } = await read({ dns: reference }, () => assert.fail('asked'));
      assert.equal(failures.length, 1);
      assert.ok(failures[0]?.message.endsWith(`: ${field}: no such thing can exist; correct spec.references`));
    }
  });

  it('reads no more than 32 objects, and names what nobody could name in bounded words', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`.repeat(200), dns]));
    const { objects, failures, paths } = await read(many, () => ({}));
    assert.equal(paths.length, 32);
    assert.equal(Object.keys(objects).length, 32);
    assert.equal(failures.length, 8);
    assert.ok(failures.every(({ message }) => message.length < 700));
  });

  it('takes keys for nothing but keys', async () => {
    const references = JSON.parse(`{"__proto__": ${JSON.stringify(dns)}}`) as References;
    const { objects } = await read(references, () => ({ body: { polluted: true } }));
    assert.ok(Object.hasOwn(objects, '__proto__'));
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const transport = new FakeTransport(() => {
      stop.abort(new Error('stopped'));
      throw stop.signal.reason;
    });
    const hardware: Hardware = { apiVersion: 'v1', kind: 'Hardware', metadata: {}, spec: { references: { dns } } };
    await assert.rejects(readReferences(new Client(transport), anything, hardware, { signal: stop.signal }), /stopped/);
  });
});
