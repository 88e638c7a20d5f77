import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { after, before, beforeEach, describe, it } from 'mocha';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import type { AdmissionRequest } from '../../src/kube/admission/admission-request.ts';
import { AdmissionServer } from '../../src/kube/admission/admission-server.ts';
import { CertificateAuthority, type CertificatePair } from '../../src/kube/admission/certificate-authority.ts';
import { type Defaulter, defaulter, type Validator, validator } from '../../src/kube/admission/handler.ts';
import {
  MutatingWebhookConfiguration,
  mutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
  validatingWebhookConfiguration,
  type WebhookConfigurationOptions,
} from '../../src/kube/admission/webhook-configuration.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { KubeError } from '../../src/kube/client/errors.ts';
import { admissionDone } from '../../src/kube/telemetry/channels.ts';
import { eventually } from '../faults/eventually.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const hosts = ['127.0.0.1'];

describe('admission webhooks on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let directory: string;
  let authorities: CertificateAuthority[];
  let server: AdmissionServer;
  let stop: AbortController;
  let running: Promise<void>;
  let defaults: Defaulter<ConfigMap>;
  let rules: Validator<ConfigMap>;
  let seen: AdmissionRequest<ConfigMap>[];

  before(async () => {
    own = await TestNamespace.create('kube-admission');
    ({ client, name: namespace } = own);
    authorities = [
      await CertificateAuthority.create({ name: 'one' }),
      await CertificateAuthority.create({ name: 'two' }),
    ];
    directory = await mkdtemp(join(tmpdir(), 'capt-admission-'));
    await install(await issue(0));
    stop = new AbortController();
    const handlers = [
      defaulter<ConfigMap>(ConfigMap, (object, request) => defaults(object, request)),
      validator<ConfigMap>(ConfigMap, (request) => {
        seen.push(request);
        return rules(request);
      }),
    ];
    const certificate = { directory, pollSeconds: 0.5 };
    server = new AdmissionServer({ handlers, certificate, host: '127.0.0.1', port: 0, handlerTimeoutSeconds: 1 });
    await new Promise<void>((resolve, reject) => {
      running = server.run(stop.signal, resolve);
      running.catch(reject);
    });
    defaults = (object) => object;
    rules = () => ({ problems: [] });
    seen = [];
    await register(`https://127.0.0.1:${server.address?.port}`, handlers);
  });

  after(async () => {
    await client.delete(MutatingWebhookConfiguration, { name: namespace });
    await client.delete(ValidatingWebhookConfiguration, { name: namespace });
    stop.abort();
    await running;
    await rm(directory, { recursive: true });
    await own[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    seen = [];
    defaults = (object) => object;
    rules = () => ({ problems: [] });
  });

  async function issue(authority: number): Promise<CertificatePair> {
    return (await authorities[authority]?.issue({ hosts })) ?? assert.fail('no such authority');
  }

  async function install({ cert, key }: CertificatePair): Promise<void> {
    await writeFile(join(directory, 'tls.crt'), cert);
    await writeFile(join(directory, 'tls.key'), key);
  }

  /** Only objects of this test's namespace with this label are asked about: other suites share the API server. */
  async function register(url: string, [first, second]: ReturnType<typeof defaulter>[]): Promise<void> {
    assert.ok(first && second);
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
    const objectSelector = { matchLabels: { admission: 'yes' } };
    const options = {
      name: namespace,
      url,
      ca: authorities.map(({ certificate }) => certificate).join(''),
      webhooks: [
        { handler: first, namespaceSelector, objectSelector },
        { handler: second, namespaceSelector, objectSelector, operations: ['CREATE', 'UPDATE', 'DELETE'] },
      ],
    } satisfies WebhookConfigurationOptions;
    await client.create(MutatingWebhookConfiguration, mutatingWebhookConfiguration(options));
    await client.create(ValidatingWebhookConfiguration, validatingWebhookConfiguration(options));
    defaults = (object) => ({ ...object, data: { probe: 'defaulted' } });
    rules = ({ object }) => ({
      problems: object?.data?.['probe'] === 'defaulted' ? [{ field: 'data.probe', message: 'is defaulted' }] : [],
    });
    // The API server learns of configurations by a watch of its own.
    const probe = () => client.create(ConfigMap, map('probe', {}), { dryRun: true });
    await eventually(() => assert.rejects(probe(), /data\.probe: is defaulted/), 10);
  }

  function map(name: string, data: Record<string, string>): ConfigMap {
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: { admission: 'yes' } },
      data,
    };
  }

  async function refusalOf(call: Promise<unknown>): Promise<KubeError> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof KubeError, String(error));
      return error;
    }
    assert.fail('it was let in');
  }

  it('stores what the defaulter fills in', async () => {
    defaults = (object) => {
      object.data = { ...object.data, 'with.slash.': 'x', added: 'yes' };
      delete object.data['removed'];
      object.metadata.annotations = { 'example.org/path': '/a~b' };
      return object;
    };
    const created = await client.create(ConfigMap, map('defaulted', { kept: '1', removed: '2' }));
    assert.deepEqual(created.data, { kept: '1', added: 'yes', 'with.slash.': 'x' });
    assert.deepEqual(created.metadata.annotations, { 'example.org/path': '/a~b' });
    const before = created.metadata.resourceVersion;
    const again = await client.mergePatch(ConfigMap, { namespace, name: 'defaulted' }, { data: { kept: '1' } });
    assert.equal(again.metadata.resourceVersion, before, 'defaulting its own result changes nothing');
  });

  it('refuses with every problem, its field and its fix', async () => {
    rules = ({ object }) => ({
      problems: Object.keys(object?.data ?? {}).map((key) => ({
        field: `data.${key}`,
        message: 'must not be here',
        fix: 'remove it',
        reason: 'FieldValueForbidden' as const,
      })),
    });
    const error = await refusalOf(client.create(ConfigMap, map('refused', { one: '1', two: '2' })));
    assert.deepEqual([error.code, error.reason], [422, 'Invalid']);
    assert.match(error.message, /validation\.configmap\.core.* denied the request: ConfigMap "refused" is invalid:/);
    assert.match(
      error.message,
      /\* data\.one: must not be here \(remove it\)\n\* data\.two: must not be here \(remove it\)/,
    );
    assert.deepEqual(error.causes, [
      { reason: 'FieldValueForbidden', message: 'must not be here (remove it)', field: 'data.one' },
      { reason: 'FieldValueForbidden', message: 'must not be here (remove it)', field: 'data.two' },
    ]);
    assert.equal(await client.find(ConfigMap, { namespace, name: 'refused' }), undefined);
  });

  it('tells about updates, dry runs, deletions and who asks', async () => {
    const name = { namespace, name: 'told' };
    await client.create(ConfigMap, map('told', { size: '1' }));
    await client.mergePatch(ConfigMap, name, { data: { size: '2' } }, { dryRun: true });
    await client.mergePatch(ConfigMap, name, { data: { size: '3' } });
    await client.delete(ConfigMap, name);
    assert.deepEqual(
      seen.map(({ operation, dryRun, object, oldObject }) => [operation, dryRun, object?.data, oldObject?.data]),
      [
        ['CREATE', false, { size: '1' }, undefined],
        ['UPDATE', true, { size: '2' }, { size: '1' }],
        ['UPDATE', false, { size: '3' }, { size: '1' }],
        ['DELETE', false, undefined, { size: '3' }],
      ],
    );
    assert.ok(seen.every(({ userInfo }) => userInfo.username && userInfo.groups?.includes('system:authenticated')));
  });

  it('asks about nothing outside its selectors', async () => {
    const { metadata, ...rest } = map('unlabelled', {});
    await client.create(ConfigMap, { ...rest, metadata: { name: 'unlabelled', namespace: metadata.namespace ?? '' } });
    assert.equal(seen.length, 0);
  });

  it('answers a bug and a handler that hangs with a message, and goes on', async () => {
    rules = () => {
      throw new TypeError('secret detail');
    };
    const bug = await refusalOf(client.create(ConfigMap, map('bug', {})));
    assert.equal(bug.code, 500);
    assert.match(bug.message, /its log tells why/);
    assert.ok(!bug.message.includes('secret detail'));
    rules = () => new Promise(() => {});
    const late = await refusalOf(client.create(ConfigMap, map('late', {})));
    assert.equal(late.code, 504);
    rules = () => ({ problems: [] });
    await client.create(ConfigMap, map('fine', {}));
  });

  it('changes its certificate while it serves', async () => {
    const codes: number[] = [];
    const unsubscribe = admissionDone.subscribe(({ code }) => codes.push(code));
    await client.create(ConfigMap, map('before-rotation', {}));
    await install(await issue(1));
    await eventually(async () => assert.equal(await issuerNow(), 'two-ca'), 10);
    await client.create(ConfigMap, map('after-rotation', {}));
    assert.deepEqual(codes, [200, 200, 200, 200]);
    unsubscribe();
    // Another bundle makes the API server connect anew: it has to see the new certificate and nothing else.
    const probe = () => client.create(ConfigMap, map('probe', {}), { dryRun: true });
    await trust(0);
    await eventually(() => assert.rejects(probe(), /certificate signed by unknown authority/), 10);
    await trust(1);
    await eventually(async () => assert.ok(await probe()), 10);
  });

  /** Common name of whoever signed the certificate that is served now. */
  function issuerNow(): Promise<string> {
    return new Promise((resolve, reject) => {
      const port = server.address?.port ?? 0;
      const ca = authorities.map(({ certificate }) => certificate);
      const socket = tlsConnect({ host: '127.0.0.1', port, ca }, () => {
        resolve(String(socket.getPeerCertificate().issuer.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  async function trust(authority: number): Promise<void> {
    const caBundle = Buffer.from(authorities[authority]?.certificate ?? '').toString('base64');
    for (const resource of [MutatingWebhookConfiguration, ValidatingWebhookConfiguration]) {
      await client.jsonPatch(resource, { name: namespace }, [
        { op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: caBundle },
      ]);
    }
  }
});
