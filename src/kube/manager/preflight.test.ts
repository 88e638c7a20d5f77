import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import { Client } from '../client/client.ts';
import { type FakeAnswer, FakeTransport } from '../client/fake-transport.ts';
import { knowsField, type PublishedSchema } from './discovery.ts';
import { compareVersions, preflight, type RequiredKind } from './preflight.ts';

const server = 'https://10.0.0.1:6443';
const kind = (plural: string, rest: Partial<RequiredKind> = {}): RequiredKind => ({
  group: 'metal.example',
  version: 'v1beta1',
  kind: plural.toUpperCase(),
  plural,
  namespaced: true,
  ...rest,
});

const refusal = (code: number): FakeAnswer => ({ status: code, body: { kind: 'Status', code, message: 'so it is' } });
const versions = (...names: string[]): FakeAnswer => ({ body: { versions: names.map((version) => ({ version })) } });
const resources = (...names: string[]): FakeAnswer => ({ body: { resources: names.map((name) => ({ name })) } });

const spec: PublishedSchema = { properties: { disks: { items: { properties: { device: {} } } } } };
const openApi: FakeAnswer = {
  body: {
    components: {
      schemas: {
        other: { properties: {} },
        hosts: {
          properties: { spec },
          'x-kubernetes-group-version-kind': [{ group: 'metal.example', version: 'v1beta1', kind: 'HOSTS' }],
        },
      },
    },
  },
};

/** An API server that serves hosts as v1beta1, jobs as v1alpha1 only and racks as v1beta2 only. */
const healthy: Record<string, FakeAnswer> = {
  '/version': { body: { gitVersion: 'v1.36.0' } },
  '/api/v1': resources('secrets', 'nodes'),
  '/apis/metal.example': versions('v1beta2', 'v1beta1', 'v1alpha1'),
  '/apis/metal.example/v1beta2': resources('racks'),
  '/apis/metal.example/v1beta1': resources('hosts', 'hosts/status'),
  '/apis/metal.example/v1alpha1': resources('jobs', 'hosts'),
  '/openapi/v3/apis/metal.example/v1beta1': openApi,
};

function run(answers: Record<string, FakeAnswer>, ...kinds: RequiredKind[]): Promise<string> {
  const transport = new FakeTransport(({ path }) => answers[path] ?? refusal(404));
  return preflight(new Client(transport), kinds, { server });
}

const secrets: RequiredKind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };

const failures: {
  name: string;
  answers?: Record<string, FakeAnswer>;
  kinds?: RequiredKind[];
  code: string;
  message: RegExp;
}[] = [
  { name: 'credentials refused', answers: { '/version': refusal(401) }, code: 'API_UNAUTHENTICATED', message: /401/ },
  { name: 'rights missing', answers: { '/version': refusal(403) }, code: 'API_FORBIDDEN', message: /so it is/ },
  { name: 'server starting', answers: { '/version': refusal(503) }, code: 'API_SERVER_NOT_READY', message: /so it is/ },
  {
    name: 'a web page',
    answers: { '/version': { body: '<html>\n  <body>It works!' } },
    code: 'NOT_KUBERNETES',
    message: /answers "<html> <body>It works!"/,
  },
  { name: 'JSON of something else', answers: { '/version': { body: {} } }, code: 'NOT_KUBERNETES', message: /"\{\}"/ },
  { name: 'JSON null', answers: { '/version': { body: 'null' } }, code: 'NOT_KUBERNETES', message: /"null"/ },
  { name: 'no such page', answers: { '/version': refusal(404) }, code: 'NOT_KUBERNETES', message: /so it is/ },
  {
    name: 'HTTP spoken to an HTTPS port',
    answers: { '/version': { status: 400, body: 'Client sent an HTTP request to an HTTPS server.' } },
    code: 'NOT_KUBERNETES',
    message: /HTTP request to an HTTPS server/,
  },
  {
    name: 'all that is missing at once',
    kinds: [kind('hosts'), kind('tasks'), kind('things', { group: 'nobody.example' })],
    code: 'CRD_MISSING',
    message: /does not know: tasks\.metal\.example, things\.nobody\.example$/,
  },
  {
    name: 'what is missing before what is old',
    kinds: [kind('jobs'), kind('tasks')],
    code: 'CRD_MISSING',
    message: /does not know: tasks\.metal\.example$/,
  },
  {
    name: 'an older version only',
    kinds: [kind('jobs'), kind('hosts')],
    code: 'CRD_TOO_OLD',
    message: /older than this program: jobs\.metal\.example \(serves v1alpha1, needed: v1beta1\)$/,
  },
  {
    name: 'a newer version only',
    kinds: [kind('racks')],
    code: 'CRD_VERSION_NOT_SERVED',
    message: /newer than this program: racks\.metal\.example \(serves v1beta2, needed: v1beta1\)$/,
  },
  {
    name: 'our version without a field of ours',
    kinds: [kind('hosts', { requiredFields: ['spec.disks.device', 'spec.disks.wipe', 'status'] })],
    code: 'CRD_TOO_OLD',
    message: /hosts\.metal\.example \(metal\.example\/v1beta1 without spec\.disks\.wipe, status\)$/,
  },
  {
    name: 'discovery forbidden',
    answers: { '/apis/metal.example': refusal(403) },
    kinds: [kind('hosts')],
    code: 'API_FORBIDDEN',
    message: /so it is/,
  },
  {
    name: 'a discovery answer that is no JSON',
    answers: { '/apis/metal.example': { body: 'oops' } },
    kinds: [kind('hosts')],
    code: 'API_SERVER_UNREACHABLE',
    message: /JSON/,
  },
];

describe('preflight', () => {
  it('tells the version of a server that serves all there has to be', async () => {
    const hosts = kind('hosts', { requiredFields: ['spec.disks.device'] });
    assert.equal(await run(healthy, secrets, hosts, kind('jobs', { version: 'v1alpha1' })), 'v1.36.0');
  });

  it('takes the word of a server that publishes no schema', async () => {
    const { '/openapi/v3/apis/metal.example/v1beta1': _, ...without } = healthy;
    assert.equal(await run(without, kind('hosts', { requiredFields: ['spec.new'] })), 'v1.36.0');
  });

  for (const { name, answers = {}, kinds = [], code, message } of failures) {
    it(`${name} → ${code}`, async () => {
      await assert.rejects(run({ ...healthy, ...answers }, ...kinds), (error: CaptError) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok(error.message.includes(server));
        assert.doesNotMatch(`${error.message} ${error.hint}`, /\{\w+\}/, 'a placeholder was left');
        return true;
      });
    });
  }

  it('passes on the reason of an abort', async () => {
    const stop = new AbortController();
    stop.abort(new Error('Ctrl-C'));
    const client = new Client(new FakeTransport(() => ({})));
    await assert.rejects(preflight(client, [], { server, signal: stop.signal }), { message: 'Ctrl-C' });
  });
});

describe('knowsField', () => {
  const schema: PublishedSchema = {
    properties: {
      spec: {
        properties: {
          list: { items: { properties: { a: {} } } },
          map: { additionalProperties: { properties: { b: {} } } },
          open: { 'x-kubernetes-preserve-unknown-fields': true },
          closed: { properties: { c: {} } },
        },
      },
      metadata: { allOf: [{ $ref: '#/ObjectMeta' }] },
    },
  };
  for (const [path, known] of Object.entries({
    'spec.list': true,
    'spec.list.a': true,
    'spec.list.b': false,
    'spec.map.b': true,
    'spec.map.a': false,
    'spec.open.anything.at.all': true,
    'spec.closed.c': true,
    'spec.closed.d': false,
    'metadata.labels': true,
    status: false,
  })) {
    it(`${path}: ${known}`, () => {
      assert.equal(knowsField(schema, path), known);
    });
  }
});

describe('compareVersions', () => {
  it('orders as Kubernetes does', () => {
    const ordered = ['odd', 'v1alpha1', 'v1alpha2', 'v2alpha1', 'v1beta1', 'v1beta2', 'v1', 'v2', 'v10'];
    assert.deepEqual([...ordered].reverse().sort(compareVersions), ordered);
  });
});
