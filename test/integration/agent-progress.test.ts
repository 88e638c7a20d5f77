import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { runAgent } from '../../src/agent/run-agent.ts';
import { sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../src/api/tinkerbell/v1alpha1/workflow-status.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { TestNamespace } from '../support/test-namespace.ts';

describe('progress of an image that capt agent streams, on a real API server', () => {
  const image = sampleImage(8 * 1024 * 1024);
  let own: TestNamespace;
  let rig: AgentApiRig;
  let folder: string;
  let server: Server;
  let drips: NodeJS.Timeout[];
  /** Lets the rest of the image go. */
  let release: () => void;

  before(async () => {
    const shared = await TestNamespace.create('agent-progress-crds');
    await installCrds(shared.client, [Hardware, Workflow]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('agent-progress');
    rig = await AgentApiRig.start(own.client, own.name, { progressSeconds: 0.1 });
    folder = mkdtempSync(join(tmpdir(), 'capt-agent-progress-'));
    drips = [];
    server = createServer((_, response) => drip(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const timer of drips) clearInterval(timer);
    server.closeAllConnections();
    server.close();
    await rig.stop();
    await own[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Half of it at once, then a little at a time until it is released. */
  function drip(response: ServerResponse): void {
    let at = image.length / 2;
    response.writeHead(200, { 'Content-Length': image.length }).write(image.subarray(0, at));
    const timer = setInterval(() => {
      response.write(image.subarray(at, at + 4096));
      at += 4096;
    }, 50);
    drips.push(timer);
    release = () => {
      clearInterval(timer);
      response.end(image.subarray(at));
    };
  }

  it('stands in status.progress while the action runs, and no longer', async () => {
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, image.length);
    const name = 'machine';
    await createRendered(own.client, {
      namespace: own.name,
      name,
      agents: [name],
      actions: [['PENDING']],
      action: {
        image: 'quay.io/tinkerbell/actions/image2disk:latest',
        environment: { IMG_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/os.raw`, DEST_DISK: disk },
      },
    });
    const status = async (): Promise<WorkflowStatus> =>
      (await own.client.get(Workflow, { namespace: own.name, name })).status ?? {};
    const controller = new AbortController();
    const flags = ['--id', name, '--grpc-server', rig.address, '--state-file', join(folder, 'state', 'agent.json')];
    const run = runAgent([...flags, '--backoff-max-interval', '50ms'], {}, controller.signal);
    run.catch(() => {});
    try {
      await eventually(async () => {
        const { progress, tasks, state } = await status();
        assert.equal(state, 'RUNNING');
        assert.equal(progress?.actionID, tasks?.[0]?.actions[0]?.id);
        assert.equal(progress?.totalBytes, image.length);
        assert.ok((progress?.bytes ?? 0) >= image.length / 2 && (progress?.percent ?? 0) >= 50);
        assert.match(progress?.message ?? '', /^[^:]+: \d.* of 8\.4 MB \(\d+ %\)/);
      });
      release();
      await eventually(async () => assert.equal((await status()).state, 'POST'));
      assert.equal((await status()).progress, undefined);
      assert.match((await status()).tasks?.[0]?.actions[0]?.message ?? '', /^wrote 8388608 bytes/);
      assert.ok(readFileSync(disk).equals(image));
    } finally {
      controller.abort();
      await run;
    }
  });
});
