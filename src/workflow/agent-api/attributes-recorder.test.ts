import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { FakeObjectServer } from '../../kube/objects/fake-object-server.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { AttributesRecorder, attributesAnnotation } from './attributes-recorder.ts';
import { fakeWorkflow } from './fake-workflow.ts';

const attributes = AgentAttributes.decode(Uint8Array.of(0x12, 0x06, 0x0a, 0x04, ...Buffer.from('16GB')));
const workflow = fakeWorkflow({ spec: { hardwareRef: 'node-1' } });

function hardware(annotations?: Record<string, string>): FakeObjectServer<Hardware> {
  const metadata = { namespace: 'default', name: 'node-1', ...(annotations ? { annotations } : {}) };
  return new FakeObjectServer<Hardware>({
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata,
    spec: {},
  });
}

describe('AttributesRecorder', () => {
  it('writes once what the agent says, however often it is met', async () => {
    const server = hardware();
    const recorder = new AttributesRecorder(server.client);
    for (let i = 0; i < 3; i++) recorder.met(workflow, attributes);
    await recorder.settled();
    recorder.met(workflow, attributes);
    await recorder.settled();
    assert.deepEqual(server.copy.metadata.annotations, { [attributesAnnotation]: '{"memory":{"total":"16GB"}}' });
    assert.equal(server.transport.requests.length, 2);
  });

  it('leaves alone what is there', async () => {
    const server = hardware({ [attributesAnnotation]: '{}' });
    const recorder = new AttributesRecorder(server.client);
    recorder.met(workflow, attributes);
    await recorder.settled();
    assert.equal(server.patches.length, 0);
  });

  it('asks nothing without attributes or without a Hardware to write to', async () => {
    const server = hardware();
    const recorder = new AttributesRecorder(server.client);
    recorder.met(workflow, undefined);
    recorder.met(fakeWorkflow(), attributes);
    await recorder.settled();
    assert.equal(server.transport.requests.length, 0);
  });

  it('tries again with the next call when somebody else wrote in between', async () => {
    const server = hardware();
    server.rival((object) => {
      object.spec = { agentID: 'x' };
    });
    const recorder = new AttributesRecorder(server.client);
    recorder.met(workflow, attributes);
    await recorder.settled();
    assert.equal(server.copy.metadata.annotations, undefined);
    recorder.met(workflow, attributes);
    await recorder.settled();
    assert.ok(server.copy.metadata.annotations?.[attributesAnnotation]);
  });

  it('warns of attributes that are too large, and of nothing else that concerns the agent', async () => {
    const warnings: string[] = [];
    const unsubscribe = runtimeWarning.subscribe(({ error }) => warnings.push(String(error)));
    const server = hardware();
    const recorder = new AttributesRecorder(server.client);
    const pci = Array.from({ length: 2000 }, () => ({ vendor: 'x'.repeat(40) }));
    recorder.met(workflow, { ...attributes, pci });
    await recorder.settled();
    unsubscribe();
    assert.deepEqual(warnings, ['Error: agent attributes of node-1 exceed 64 KiB']);
    assert.equal(server.patches.length, 0);
  });
});
