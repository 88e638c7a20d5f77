import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { kinds } from '../../src/api/kinds.ts';
import { agentWaitLimitAnnotation } from '../../src/api/tinkerbell/v1alpha1/agent-wait-limit.ts';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  provisionedAnnotation,
} from '../../src/api/tinkerbell/v1alpha1/claim-marks.ts';
import { finishedAnnotation } from '../../src/api/tinkerbell/v1alpha1/finished-mark.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../src/api/tinkerbell/v1alpha1/machine-labels.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow, type WorkflowSpec } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import type { RenderOutcome } from '../../src/workflow/lifecycle/render.ts';
import { addWorkflowController } from '../../src/workflow/lifecycle/workflow-controller.ts';
import { eventually } from '../faults/eventually.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const rendered: RenderOutcome = {
  rendered: {
    globalTimeoutSeconds: 600,
    tasks: [{ name: 'install', agentID: 'agent', actions: [{ name: 'stream', image: 'image2disk', timeout: 60 }] }],
  },
};

describe('the life of a Workflow on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let stop: AbortController;
  let running: Promise<unknown>;
  let renders: number;

  before(async () => {
    own = await TestNamespace.create('workflow-lifecycle');
    ({ client, name: namespace } = own);
    await installCrds(client, kinds);
    await client.create(Template, { ...typed(Template), metadata: { namespace, name: 'tpl' }, spec: { data: 'x' } });
  });
  after(() => own[Symbol.asyncDispose]());

  beforeEach(async () => {
    await client.create(Hardware, {
      ...typed(Hardware),
      metadata: { namespace, name: 'hw' },
      spec: { bmcRef: { kind: 'Machine', name: 'bmc' }, interfaces: [{ dhcp: { mac: '02:00:00:00:00:01' } }, {}] },
    });
    await startController();
  });
  afterEach(async () => {
    await stopController();
    for (const { metadata } of (await client.list(Workflow, { namespace })).items) {
      await client.delete(Workflow, { namespace, name: metadata.name ?? '' });
    }
    await client.deleteCollection(Job, { namespace });
    await client.delete(Hardware, { namespace, name: 'hw' });
  });

  async function startController(): Promise<void> {
    renders = 0;
    stop = new AbortController();
    const manager = new Manager(client, { gracefulShutdownSeconds: 5 });
    addWorkflowController(manager, {
      namespace,
      concurrency: 1,
      render: () => {
        renders += 1;
        return rendered;
      },
      renderBootText: (text) => ({ text }),
    });
    running = manager.run(stop.signal);
    running.catch(() => {});
  }

  async function stopController(): Promise<void> {
    stop.abort();
    await running;
  }

  async function createWorkflow(name: string, spec: WorkflowSpec = {}): Promise<void> {
    const metadata = { namespace, name };
    await client.create(Workflow, {
      ...typed(Workflow),
      metadata,
      spec: { templateRef: 'tpl', hardwareRef: 'hw', ...spec },
    });
  }

  const get = (name: string) => client.get(Workflow, { namespace, name });
  const jobs = async () => (await client.list(Job, { namespace })).items;
  const allowPxe = async () =>
    (await client.get(Hardware, { namespace, name: 'hw' })).spec?.interfaces?.map(({ netboot }) => netboot?.allowPXE);
  const reaches = (name: string, state: string) =>
    eventually(async () => assert.equal((await get(name)).status?.state, state), 10);
  const setStatus = (name: string, status: object) =>
    client.mergePatch(Workflow, { namespace, name }, { status }, { subresource: 'status' });
  const finishJob = async (name: string, condition = 'Completed') =>
    client.mergePatch(
      Job,
      { namespace, name },
      { status: { conditions: [{ type: condition, status: 'True' }] } },
      { subresource: 'status' },
    );

  it('goes from PREPARING over PENDING and POST to SUCCESS, with one Job', async () => {
    await createWorkflow('whole', { bootOptions: { bootMode: 'netboot', toggleAllowNetboot: true } });
    await eventually(
      async () =>
        assert.deepEqual(
          (await jobs()).map(({ metadata }) => metadata.name),
          ['netboot-whole'],
        ),
      10,
    );
    assert.deepEqual(await allowPxe(), [true, true]);
    const [job] = await jobs();
    assert.equal(job?.metadata.ownerReferences?.[0]?.uid, (await get('whole')).metadata.uid);
    assert.equal(job?.metadata.labels?.['tink-controller-auto-created'], 'true');
    await finishJob('netboot-whole');
    await reaches('whole', 'PENDING');
    await setStatus('whole', { state: 'POST' });
    await reaches('whole', 'SUCCESS');
    assert.equal((await get('whole')).metadata.annotations?.[finishedAnnotation], 'SUCCESS');
    assert.deepEqual(await allowPxe(), [false, false]);
    assert.equal((await jobs()).length, 1);
  });

  it('does not change a status when nothing changed, and renders no more', async () => {
    await createWorkflow('quiet');
    await reaches('quiet', 'PENDING');
    const { resourceVersion } = (await get('quiet')).metadata;
    await stopController();
    await startController();
    await createWorkflow('later');
    await reaches('later', 'PENDING');
    assert.equal((await get('quiet')).metadata.resourceVersion, resourceVersion);
    assert.equal(renders, 1);
  });

  it('§9.4 reconciler.go:149: goes on at once when the missing Template appears', async () => {
    await createWorkflow('early', { templateRef: 'comes-later' });
    await eventually(async () => assert.equal((await get('early')).status?.templateRendering, 'failed'), 10);
    await client.create(Template, {
      ...typed(Template),
      metadata: { namespace, name: 'comes-later' },
      spec: { data: 'x' },
    });
    await reaches('early', 'PENDING');
    await client.delete(Template, { namespace, name: 'comes-later' });
  });

  it('§9.4 M job.go:224: one that waits for its Job holds up no other, even with one worker', async () => {
    await createWorkflow('waits', { bootOptions: { bootMode: 'netboot' } });
    await eventually(async () => assert.equal((await jobs()).length, 1), 10);
    await createWorkflow('passes');
    await reaches('passes', 'PENDING');
    assert.equal((await get('waits')).status?.state, 'PREPARING');
    await finishJob('netboot-waits');
    await reaches('waits', 'PENDING');
  });

  it('never runs again when it was restored without its status: neither allowPXE nor power is touched', async () => {
    const bootOptions = { bootMode: 'netboot', toggleAllowNetboot: true } as const;
    await createWorkflow('restored', { bootOptions });
    await eventually(async () => assert.equal((await jobs()).length, 1), 10);
    await finishJob('netboot-restored');
    await reaches('restored', 'PENDING');
    await setStatus('restored', { state: 'POST' });
    await reaches('restored', 'SUCCESS');
    const saved = await get('restored');
    await client.delete(Workflow, { namespace, name: 'restored' });
    await client.deleteCollection(Job, { namespace });
    const before = await client.get(Hardware, { namespace, name: 'hw' });

    // What a restore or `clusterctl move` does: a new object, everything but status, uid and resourceVersion.
    const { annotations = {} } = saved.metadata;
    const metadata = { namespace, name: 'restored', annotations };
    await client.create(Workflow, { ...typed(Workflow), metadata, ...(saved.spec ? { spec: saved.spec } : {}) });
    await reaches('restored', 'SUCCESS');
    assert.deepEqual(await jobs(), []);
    assert.equal(
      (await client.get(Hardware, { namespace, name: 'hw' })).metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
  });

  it('never begins when it was moved from the original stack and its machine is installed', async () => {
    const owner = { [ownerNameLabel]: 'moved', [ownerNamespaceLabel]: namespace };
    const marks = { labels: owner, annotations: { [provisionedAnnotation]: 'true' } };
    await client.mergePatch(Hardware, { namespace, name: 'hw' }, { metadata: marks });
    const before = await client.get(Hardware, { namespace, name: 'hw' });
    const labels = { [machineNameLabel]: 'moved', [machineNamespaceLabel]: namespace };
    const bootOptions = { bootMode: 'netboot', toggleAllowNetboot: true } as const;
    await client.create(Workflow, {
      ...typed(Workflow),
      metadata: { namespace, name: 'moved', labels },
      spec: { templateRef: 'tpl', hardwareRef: 'hw', bootOptions },
    });
    await reaches('moved', 'SUCCESS');
    await eventually(
      async () => assert.equal((await get('moved')).metadata.annotations?.[finishedAnnotation], 'SUCCESS'),
      10,
    );
    assert.equal(renders, 0);
    assert.deepEqual(await jobs(), []);
    assert.equal(
      (await client.get(Hardware, { namespace, name: 'hw' })).metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
  });

  for (const [whose, owner] of [
    ['its own', 'mine'],
    ["another machine's", 'other'],
  ] as const) {
    it(`takes allowPXE back from ${whose} host, and says there that it is installed only if it is its own`, async () => {
      const labels = { [ownerNameLabel]: owner, [ownerNamespaceLabel]: namespace };
      await client.mergePatch(Hardware, { namespace, name: 'hw' }, { metadata: { labels } });
      await client.create(Workflow, {
        ...typed(Workflow),
        metadata: {
          namespace,
          name: 'mine',
          labels: { [machineNameLabel]: 'mine', [machineNamespaceLabel]: namespace },
        },
        spec: { templateRef: 'tpl', hardwareRef: 'hw', bootOptions: { toggleAllowNetboot: true } },
      });
      await reaches('mine', 'PENDING');
      assert.deepEqual(await allowPxe(), [true, true]);
      await setStatus('mine', { state: 'POST' });
      await reaches('mine', 'SUCCESS');
      const { metadata } = await client.get(Hardware, { namespace, name: 'hw' });
      assert.deepEqual(await allowPxe(), [false, false]);
      assert.equal(metadata.annotations?.[provisionedAnnotation], owner === 'mine' ? 'true' : undefined);
    });
  }

  it('§9.4 M reconciler.go:213: ends when its agent does not come in time, and takes allowPXE back', async () => {
    await client.create(Workflow, {
      ...typed(Workflow),
      metadata: { namespace, name: 'missed', annotations: { [agentWaitLimitAnnotation]: '1' } },
      spec: { templateRef: 'tpl', hardwareRef: 'hw', bootOptions: { toggleAllowNetboot: true } },
    });
    await reaches('missed', 'TIMEOUT');
    await eventually(async () => assert.deepEqual(await allowPxe(), [false, false]), 10);
    assert.equal((await get('missed')).metadata.annotations?.[finishedAnnotation], 'TIMEOUT');
  });

  it('§9.4 L controller.go:110: leaves those of other namespaces alone when it is told one', async () => {
    const elsewhere = { namespace: 'default', name: 'elsewhere' };
    await client.create(Workflow, { ...typed(Workflow), metadata: elsewhere, spec: { templateRef: 'none' } });
    try {
      await createWorkflow('here');
      await reaches('here', 'PENDING');
      assert.equal((await client.get(Workflow, elsewhere)).status, undefined);
    } finally {
      await client.delete(Workflow, elsewhere);
    }
  });

  it('makes no second Job when it is stopped at any moment', async () => {
    await createWorkflow('crash', { bootOptions: { bootMode: 'netboot' } });
    await eventually(async () => assert.equal((await jobs()).length, 1), 10);
    const uids = new Set((await jobs()).map(({ metadata }) => metadata.uid));
    await stopController();
    // As if it had died between making the Job and recording it.
    await client.mergePatch(
      Workflow,
      { namespace, name: 'crash' },
      { status: { bootOptions: null } },
      { subresource: 'status' },
    );
    await startController();
    await finishJob('netboot-crash');
    await reaches('crash', 'PENDING');
    assert.ok(uids.has((await get('crash')).status?.bootOptions?.jobs?.['netboot-crash']?.uid));
    assert.deepEqual(new Set((await jobs()).map(({ metadata }) => metadata.uid)), uids);
  });

  function typed({ group, version, kind }: { group: string; version: string; kind: string }) {
    return { apiVersion: `${group}/${version}`, kind };
  }
});
