import assert from 'node:assert/strict';
import type { Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { admissionDone, runtimeWarning } from '../telemetry/channels.ts';
import { admissionApp } from './admission-app.ts';
import type { AdmissionRequest } from './admission-request.ts';
import { type FakeReview, fakeReview } from './fake-review.ts';
import { defaulter, validator } from './handler.ts';

interface Host extends KubeObject {
  spec?: { mac?: string; disks?: string[]; size?: number };
}

const Host: Resource<Host> = { group: 'example.org', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: true };
const host: Host = {
  apiVersion: 'example.org/v1',
  kind: 'Host',
  metadata: { name: 'h1', namespace: 'n' },
  spec: { mac: 'a', disks: ['x'] },
};

interface Answer {
  response?: {
    uid: string;
    allowed: boolean;
    patch?: string;
    patchType?: string;
    warnings?: string[];
    status?: { code: number; reason: string; message: string; details?: { causes?: { field: string }[] } };
  };
  kind: string;
  code?: number;
  message?: string;
}

describe('admissionApp', () => {
  let app: FastifyInstance<Server>;
  let clock: FakeClock;
  let seen: AdmissionRequest<Host>[];
  let onValidate: (request: AdmissionRequest<Host>) => ReturnType<Parameters<typeof validator<Host>>[1]>;
  let onDefault: (object: Host) => Host;
  let done: unknown[];
  let warnings: string[];
  let stops: (() => void)[];

  beforeEach(() => {
    clock = new FakeClock();
    seen = [];
    done = [];
    warnings = [];
    onValidate = () => ({ problems: [] });
    onDefault = (object) => object;
    const handlers = [
      defaulter(Host, (object, request) => {
        seen.push(request);
        return onDefault(object);
      }),
      validator(Host, (request) => {
        seen.push(request);
        return onValidate(request);
      }),
    ];
    app = admissionApp({ handlers, clock, handlerTimeoutSeconds: 8, bodyLimitMebibytes: 1 }, null);
    stops = [
      admissionDone.subscribe(({ path, code, allowed }) => done.push({ path, code, allowed })),
      runtimeWarning.subscribe(({ what, error }) => warnings.push(`${what}: ${error}`)),
    ];
  });

  afterEach(async () => {
    for (const stop of stops) stop();
    await app.close();
  });

  async function post(url: string, payload: object | string, type = 'application/json') {
    const response = await app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
    return { code: response.statusCode, body: response.json<Answer>() };
  }

  async function review(verb: 'mutate' | 'validate', of: FakeReview) {
    const { code, body } = await post(`/${verb}-example-org-v1-host`, fakeReview(of));
    assert.equal(code, 200);
    assert.equal(body.kind, 'AdmissionReview');
    assert.equal(body.response?.uid, 'f0f0f0f0-0000-4000-8000-000000000001');
    return body.response;
  }

  it('sends the changes of a defaulter as a JSON patch', async () => {
    onDefault = (object) => ({ ...object, spec: { ...object.spec, size: 3, disks: ['x', 'y'] } });
    const response = await review('mutate', { object: host });
    assert.equal(response?.allowed, true);
    assert.equal(response.patchType, 'JSONPatch');
    assert.deepEqual(JSON.parse(Buffer.from(response.patch ?? '', 'base64').toString()), [
      { op: 'add', path: '/spec/disks/-', value: 'y' },
      { op: 'add', path: '/spec/size', value: 3 },
    ]);
    assert.deepEqual(done, [{ path: '/mutate-example-org-v1-host', code: 200, allowed: true }]);
  });

  it('sees the changes of a defaulter that works in place', async () => {
    onDefault = (object) => {
      delete object.spec;
      return object;
    };
    const response = await review('mutate', { object: host });
    assert.deepEqual(JSON.parse(Buffer.from(response?.patch ?? '', 'base64').toString()), [
      { op: 'remove', path: '/spec' },
    ]);
  });

  it('sends no patch when nothing changed, and asks no defaulter about a deletion', async () => {
    assert.deepEqual(Object.keys((await review('mutate', { object: host })) ?? {}), ['uid', 'allowed']);
    assert.equal((await review('mutate', { oldObject: host, operation: 'DELETE' }))?.allowed, true);
    assert.equal(seen.length, 1);
  });

  it('tells a validator everything about the request', async () => {
    await review('validate', {
      object: host,
      oldObject: host,
      operation: 'UPDATE',
      dryRun: true,
      subResource: 'status',
    });
    const [{ signal, ...request }] = seen as [AdmissionRequest<Host>];
    assert.ok(signal instanceof AbortSignal);
    assert.deepEqual(request, {
      uid: 'f0f0f0f0-0000-4000-8000-000000000001',
      operation: 'UPDATE',
      kind: { group: 'example.org', version: 'v1', kind: 'Host' },
      name: 'h1',
      namespace: 'n',
      subresource: 'status',
      dryRun: true,
      userInfo: { username: 'jane', uid: '7', groups: ['system:authenticated'] },
      object: host,
      oldObject: host,
    });
    await review('validate', { oldObject: host, operation: 'DELETE' });
    assert.deepEqual([seen[1]?.object, seen[1]?.oldObject, seen[1]?.dryRun], [undefined, host, false]);
  });

  it('refuses with all problems and their fields', async () => {
    onValidate = () => ({
      problems: [
        { field: 'spec.mac', message: 'is no MAC address', fix: 'write 02:…' },
        { field: 'spec.disks[0]', message: 'is no device' },
      ],
      warnings: ['spec.size will go away'],
    });
    const response = await review('validate', { object: host });
    assert.equal(response?.allowed, false);
    assert.equal(
      response.status?.message,
      'Host.example.org "h1" is invalid:\n* spec.mac: is no MAC address (write 02:…)\n* spec.disks[0]: is no device',
    );
    assert.deepEqual([response.status?.code, response.status?.reason], [422, 'Invalid']);
    assert.deepEqual(
      response.status?.details?.causes?.map(({ field }) => field),
      ['spec.mac', 'spec.disks[0]'],
    );
    assert.deepEqual(response.warnings, ['spec.size will go away']);
    assert.deepEqual(done, [{ path: '/validate-example-org-v1-host', code: 422, allowed: false }]);
  });

  it('lets in with warnings', async () => {
    onValidate = () => ({ problems: [], warnings: ['spec.size will go away'] });
    const response = await review('validate', { object: host });
    assert.deepEqual([response?.allowed, response?.warnings], [true, ['spec.size will go away']]);
  });

  it('names an object without a name by what its name is made of', async () => {
    onValidate = () => ({ problems: [{ field: 'spec', message: 'is empty' }] });
    const response = await review('validate', { object: { ...host, metadata: { generateName: 'h-' } } });
    assert.match(response?.status?.message ?? '', /Host.example.org "h-" is invalid/);
  });

  const bugs: [string, () => never][] = [
    [
      'an error',
      () => {
        throw new Error('password hunter2');
      },
    ],
    [
      'no error at all',
      () => {
        throw 'hunter2';
      },
    ],
  ];
  for (const [name, bug] of bugs) {
    it(`answers 500 without a secret when a handler throws ${name}`, async () => {
      onValidate = bug;
      const response = await review('validate', { object: host });
      assert.deepEqual(
        [response?.allowed, response?.status?.code, response?.status?.reason],
        [false, 500, 'InternalError'],
      );
      assert.ok(!JSON.stringify(response).includes('hunter2'));
      assert.match(response?.status?.message ?? '', /failed; its log tells why \(request f0f0f0f0/);
      assert.match(warnings.join(), /webhook \/validate-example-org-v1-host failed on request f0f0f0f0.*hunter2/);
      assert.deepEqual(done, [{ path: '/validate-example-org-v1-host', code: 500, allowed: false }]);
    });
  }

  it('answers 500 when a defaulter gives nothing back', async () => {
    onDefault = () => undefined as unknown as Host;
    assert.equal((await review('mutate', { object: host }))?.status?.code, 500);
  });

  it('gives up on a handler before the API server does, and tells it', async () => {
    onValidate = () => new Promise(() => {});
    const waiting = review('validate', { object: host });
    while (seen.length === 0) await clock.advance(0);
    await clock.advance(8_000);
    const response = await waiting;
    assert.deepEqual([response?.status?.code, response?.status?.reason], [504, 'Timeout']);
    assert.ok(seen[0]?.signal.aborted);
    assert.match(warnings.join(), /took too long/);
  });

  it('does not mind a handler that fails after its time', async () => {
    let fail: (error: Error) => void = () => {};
    onValidate = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    const waiting = review('validate', { object: host });
    while (seen.length === 0) await clock.advance(0);
    await clock.advance(8_000);
    fail(new Error('late'));
    assert.equal((await waiting)?.status?.code, 504);
  });

  it('refuses objects of a kind that the webhook is not for', async () => {
    const response = await review('validate', { object: { ...host, kind: 'Disk' } });
    assert.equal(response?.status?.code, 400);
    assert.match(
      response.status.message,
      /for hosts.example.org v1, not for example.org\/v1\/Disk: correct the webhook/,
    );
    assert.equal(seen.length, 0);
  });

  it('passes names like __proto__ through unharmed', async () => {
    onDefault = (object) => ({ ...object, spec: { ...object.spec, size: 1 } });
    const text = JSON.stringify(fakeReview({ object: host })).replace('"spec":{', '"spec":{"__proto__":{"bad":1},');
    const { code, body } = await post('/mutate-example-org-v1-host', text);
    assert.equal(code, 200);
    assert.deepEqual(JSON.parse(Buffer.from(body.response?.patch ?? '', 'base64').toString()), [
      { op: 'add', path: '/spec/size', value: 1 },
    ]);
    assert.equal(({} as { bad?: number }).bad, undefined);
  });

  const good = fakeReview({ object: host }) as { request: object };
  const malformed: [string, string | object][] = [
    ['nothing', ''],
    ['half of it', JSON.stringify(good).slice(0, 200)],
    ['text', 'hello'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '7'],
    ['an empty object', {}],
    ['another kind', { ...good, kind: 'Pod' }],
    ['v1beta1', { ...good, apiVersion: 'admission.k8s.io/v1beta1' }],
    ['no request', { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }],
    [
      'a response',
      { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'x', allowed: true } },
    ],
    ['no uid', { ...good, request: { ...good.request, uid: undefined } }],
    ['an empty uid', { ...good, request: { ...good.request, uid: '' } }],
    ['an unknown operation', { ...good, request: { ...good.request, operation: 'PATCH' } }],
    ['no kind', { ...good, request: { ...good.request, kind: 'Host' } }],
    ['an object without metadata', { ...good, request: { ...good.request, object: { kind: 'Host' } } }],
    ['an object that is a list', { ...good, request: { ...good.request, object: [] } }],
    ['an old object that is text', { ...good, request: { ...good.request, oldObject: 'x' } }],
    ['a dryRun that is text', { ...good, request: { ...good.request, dryRun: 'true' } }],
    ['a byte that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')],
  ];
  for (const [name, payload] of malformed) {
    it(`answers 400 in JSON to ${name}`, async () => {
      const { code, body } = await post('/validate-example-org-v1-host', payload);
      assert.equal(code, 400);
      assert.equal(body.kind, 'Status');
      assert.equal(body.code, 400);
      assert.ok(body.message);
      assert.equal(seen.length, 0);
      assert.deepEqual(done, [{ path: '/validate-example-org-v1-host', code: 400, allowed: false }]);
    });
  }

  it('says where a review is wrong', async () => {
    const { body } = await post('/validate-example-org-v1-host', { ...good, request: { ...good.request, uid: 7 } });
    assert.match(body.message ?? '', /not an AdmissionReview of admission.k8s.io\/v1: request\.uid: /);
  });

  it('answers in JSON to what is too large, of another type, or nowhere', async () => {
    const large = JSON.stringify({ ...good, padding: 'x'.repeat(1024 * 1024) });
    assert.equal((await post('/validate-example-org-v1-host', large)).code, 413);
    assert.equal((await post('/validate-example-org-v1-host', '<xml/>', 'text/xml')).code, 415);
    const missing = await post('/validate-other', good);
    assert.equal(missing.code, 404);
    assert.match(missing.body.message ?? '', /no webhook at POST \/validate-other/);
    assert.equal((await app.inject({ method: 'GET', url: '/validate-example-org-v1-host' })).statusCode, 404);
  });
});
