import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { AdmissionRequest } from '../../kube/admission/admission-request.ts';
import { providerWebhooks } from './handlers.ts';

const handlers = providerWebhooks();

function object(kind: string, spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
    kind,
    metadata: { name: 'x', namespace: 'ns', ...metadata },
    spec,
  } as KubeObject;
}

async function ask(
  type: 'mutating' | 'validating',
  now: KubeObject | undefined,
  old?: KubeObject,
  more: Partial<AdmissionRequest> = {},
) {
  const kind = (now ?? old)?.kind ?? '';
  const handler = handlers.find((each) => each.type === type && each.resource.kind === kind);
  assert.ok(handler, `${type} ${kind}`);
  return handler.handle({
    uid: 'u',
    operation: now === undefined ? 'DELETE' : old === undefined ? 'CREATE' : 'UPDATE',
    kind: { group: 'infrastructure.cluster.x-k8s.io', version: 'v1beta1', kind },
    name: 'x',
    dryRun: false,
    userInfo: {},
    object: now,
    oldObject: old,
    signal: new AbortController().signal,
    ...more,
  });
}

async function problems(
  now: KubeObject | undefined,
  old?: KubeObject,
  more: Partial<AdmissionRequest> = {},
): Promise<string[]> {
  const verdict = await ask('validating', now, old, more);
  return verdict.allowed
    ? []
    : (verdict.status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
}

const template = (spec: object, metadata: object = {}) =>
  object('TinkerbellMachineTemplate', { template: { spec } }, metadata);

describe('the webhooks of the provider', () => {
  it('default and validate all four kinds', () => {
    assert.deepEqual(
      handlers.map(({ type, resource }) => `${type} ${resource.kind}`),
      ['TinkerbellCluster', 'TinkerbellClusterTemplate', 'TinkerbellMachine', 'TinkerbellMachineTemplate'].flatMap(
        (kind) => [`mutating ${kind}`, `validating ${kind}`],
      ),
    );
  });

  it('complete a cluster as CAPT does', async () => {
    const verdict = await ask(
      'mutating',
      object('TinkerbellCluster', { imageLookupOSDistro: 'ubuntu', imageLookupBaseRegistry: 'r' }),
    );
    const patch = verdict.allowed ? verdict.patch : [];
    const values = Object.fromEntries(
      (patch ?? []).map((each) => [each.path, 'value' in each ? each.value : undefined]),
    );
    assert.equal(values['/spec/imageLookupOSVersion'], '20.04');
    assert.match(String(values['/spec/imageLookupFormat']), /BaseRegistry/);
  });

  it('name every problem with field, rule and fix', async () => {
    const wrong = object('TinkerbellMachine', {
      bootOptions: { bootMode: 'iso' },
      providerID: 'aws://x',
      hardwareAffinity: { preferred: [{ weight: 0, hardwareAffinityTerm: { labelSelector: {} } }] },
    });
    const found = await problems(wrong);
    assert.equal(found.length, 3);
    assert.match(found.join('\n'), /spec\.hardwareAffinity\.preferred\[0\]\.weight: .*\(.+\)/);
    assert.match(found.join('\n'), /spec\.bootOptions\.isoURL: is required with bootMode iso \(set it to/);
    assert.match(found.join('\n'), /spec\.providerID: must be tinkerbell:/);
  });

  it('keep the host of a machine', async () => {
    const old = object('TinkerbellMachine', { hardwareName: 'h', providerID: 'tinkerbell://ns/h' });
    const found = await problems(
      object('TinkerbellMachine', { hardwareName: 'g', providerID: 'tinkerbell://ns/h' }),
      old,
    );
    assert.match(found.join(), /spec\.hardwareName: must not change once it is set, and is h/);
    const set = await problems(old, object('TinkerbellMachine', {}));
    assert.deepEqual(set, []);
  });

  it('let in whatever a move does: full specs, annotations wiped, finalizers gone, whatever newer rules say', async () => {
    const spec = { hardwareName: 'h', providerID: 'tinkerbell://ns/h', bootOptions: { bootMode: 'iso' } };
    const old = object('TinkerbellMachine', spec, { finalizers: ['f'], annotations: { a: 'b' } });
    assert.deepEqual(await problems(object('TinkerbellMachine', spec), old), []);
    assert.deepEqual(await problems(undefined, old), []);
  });

  it('keep templates as they are, but not their metadata, and not from the dry run of the topology controller', async () => {
    const old = template({ imageLookupOSDistro: 'ubuntu' });
    const changed = template({ imageLookupOSDistro: 'debian' });
    assert.match((await problems(changed, old)).join(), /spec\.template\.spec: must not change/);
    assert.deepEqual(await problems(template({ imageLookupOSDistro: 'ubuntu' }, { labels: { a: 'b' } }), old), []);
    const marked = template(
      { imageLookupOSDistro: 'debian' },
      { annotations: { 'topology.cluster.x-k8s.io/dry-run': '' } },
    );
    assert.deepEqual(await problems(marked, old, { dryRun: true }), []);
    assert.equal((await problems(marked, old)).length, 1);
    assert.equal((await problems(changed, old, { dryRun: true })).length, 1);
  });

  it('let nothing of one machine into a template', async () => {
    const found = await problems(template({ hardwareName: 'h', providerID: 'tinkerbell://ns/h' }));
    assert.deepEqual(
      found.map((each) => each.split(':')[0]),
      ['spec.template.spec.hardwareName', 'spec.template.spec.providerID'],
    );
  });
});
