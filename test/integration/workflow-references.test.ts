import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import { addWorkflowService } from '../../src/workflow/workflow-service.ts';
import { eventually } from '../faults/eventually.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const template = `version: "0.1"
name: site
global_timeout: 60
tasks:
  - name: t
    worker: w
    actions:
      - {name: a, image: i, timeout: 1, environment: {DNS: "{{ .references.dns.data.servers }}"}}`;

describe('references of Hardware on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let stop: AbortController;
  let running: Promise<unknown>;

  before(async () => {
    own = await TestNamespace.create('workflow-references');
    ({ client, name: namespace } = own);
    await installCrds(client, kinds);
    await client.create(Template, {
      ...typed(Template),
      metadata: { namespace, name: 'tpl' },
      spec: { data: template },
    });
  });
  after(() => own[Symbol.asyncDispose]());

  beforeEach(() => {
    stop = new AbortController();
    const manager = new Manager(client, { gracefulShutdownSeconds: 5 });
    addWorkflowService(manager, {
      namespace,
      referenceRules: { allow: ['{"reference":{"resource":["configmaps"]}}', '{"reference":{"name":["open"]}}'] },
      agentApi: { host: '127.0.0.1', port: 0 },
    });
    running = manager.run(stop.signal);
    running.catch(() => {});
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  /** Hardware and Workflow of that name, the Hardware referring to that object as `dns`. */
  async function make(name: string, reference: object): Promise<void> {
    const dns = { namespace, version: 'v1', ...reference };
    await client.create(Hardware, { ...typed(Hardware), metadata: { namespace, name }, spec: { references: { dns } } });
    const spec = { templateRef: 'tpl', hardwareRef: name };
    await client.create(Workflow, { ...typed(Workflow), metadata: { namespace, name }, spec });
  }

  const statusOf = async (name: string) => (await client.get(Workflow, { namespace, name })).status;
  const rendered = (name: string, value: string) =>
    eventually(async () => {
      const status = await statusOf(name);
      assert.equal(status?.state, 'PENDING', JSON.stringify(status));
      assert.equal(status.tasks?.[0]?.actions[0]?.environment?.['DNS'], value);
    }, 15);
  const fails = (name: string, message: RegExp) =>
    eventually(async () => {
      const conditions = (await statusOf(name))?.conditions ?? [];
      assert.match(conditions.find(({ type }) => type === 'TemplateRenderedSuccess')?.message ?? '', message);
    }, 15);

  it('are what templates see', async () => {
    const data = { servers: '192.0.2.53' };
    await client.create(ConfigMap, { ...typed(ConfigMap), metadata: { namespace, name: 'dns' }, data });
    await make('plain', { name: 'dns', resource: 'configmaps' });
    await rendered('plain', '192.0.2.53');
  });

  it('that do not exist yet are looked for again, and the status says so and when', async () => {
    await make('early', { name: 'later', resource: 'configmaps' });
    await fails(
      'early',
      /^error rendering template: .*map has no entry for key "dns"; not there: reference "dns" \(configmaps .*\/later\): not found/,
    );
    const looks = (await statusOf('early'))?.conditions?.find(({ type }) => type === 'ReferencesRead');
    assert.match(looks?.message ?? '', /; next look at \d{4}-.*Z$/);
    const data = { servers: 'late' };
    await client.create(ConfigMap, { ...typed(ConfigMap), metadata: { namespace, name: 'later' }, data });
    await rendered('early', 'late');
    const found = (await statusOf('early'))?.conditions?.find(({ type }) => type === 'ReferencesRead');
    assert.equal(found?.status, 'True');
  });

  it('§9.4 M reconciler.go:326: lead to no Secret that no rule speaks of, nor into another namespace', async () => {
    const data = { servers: Buffer.from('s3cret').toString('base64') };
    await client.create(Secret, { ...typed(Secret), metadata: { namespace, name: 'open' }, data });
    await make('secret', { name: 'open', resource: 'secrets' });
    await fails('secret', /say nothing of reference\.resource$/);
    await make('foreign', {
      namespace: 'kube-system',
      name: 'extension-apiserver-authentication',
      resource: 'configmaps',
    });
    await fails('foreign', /say nothing of reference\.namespace$/);
    assert.doesNotMatch(JSON.stringify([await statusOf('secret'), await statusOf('foreign')]), /s3cret|czNjcmV0/);
  });

  it('of kinds that nobody knows are not found', async () => {
    await make('unknown', { name: 'open', group: 'example.org', resource: 'unicorns' });
    await fails('unknown', /\(unicorns\.example\.org .*\/open\): not found/);
  });

  function typed({ group, version, kind }: { group: string; version: string; kind: string }) {
    return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
  }
});
