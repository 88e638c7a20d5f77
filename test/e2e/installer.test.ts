import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowAction } from '../../src/api/tinkerbell/v1alpha1/workflow-task.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { buildInstaller } from '../../src/bootstrap/installer/build-installer.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { skipBecause } from '../support/reporter.ts';
import { TestNamespace } from '../support/test-namespace.ts';
import { EmulatedMachine } from './emulated-machine.ts';

const mac = '02:00:00:00:00:01';
/** The loopback of this machine as the emulated one sees it. */
const host = '10.0.2.2';

/** Emulated machines are slow where others work too. */
const patienceSeconds = 600;

describe('the installer OS in an emulated machine', function () {
  this.timeout(1_000_000);
  const image = sampleImage(64 << 20);
  let installer: string;
  let own: TestNamespace;
  let rig: AgentApiRig;
  let images: Server;
  let syslog: Socket;
  let messages: string[];

  before(async function () {
    const unavailable = EmulatedMachine.unavailable();
    if (unavailable !== undefined) skipBecause(this, unavailable);
    const built = await buildInstaller({
      cacheDirectory: readSettings(process.env, homedir()).cacheDirectory,
      environment: process.env,
      architecture: 'x86_64',
      report: (line) => process.stdout.write(`  ${line}\n`),
    });
    installer = built.directory;
    const shared = await TestNamespace.create('e2e-crds');
    await installCrds(shared.client, [Hardware, Workflow]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('e2e');
    rig = await AgentApiRig.start(own.client, own.name);
    const compressed = gzipSync(image, { level: 1 });
    images = createServer((_request, response) => response.end(compressed)).listen(0, '127.0.0.1');
    await once(images, 'listening');
    messages = [];
    syslog = createSocket('udp4', (message) => messages.push(message.toString()));
    syslog.bind(0, '127.0.0.1');
    await once(syslog, 'listening');
  });

  afterEach(async () => {
    syslog.close();
    images.close();
    images.closeAllConnections();
    await rig.stop();
    await own[Symbol.asyncDispose]();
  });

  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

  const installArguments = () => [
    'console=tty0',
    // As netboot scripts have it; the machine only has the other port.
    'console=ttyS1,115200',
    `worker_id=${mac}`,
    `hw_addr=${mac}`,
    `grpc_authority=${host}:${rig.server.port}`,
    'tinkerbell_tls=false',
    `syslog_host=${host}:${portOf(syslog)}`,
  ];

  async function createWorkflow(actions: readonly Partial<WorkflowAction>[]): Promise<void> {
    const all = actions.map(({ name = '', ...action }) => ({
      id: name,
      name,
      image: `quay.io/tinkerbell/actions/${name}:latest`,
      timeout: patienceSeconds,
      state: 'PENDING',
      ...action,
    }));
    const tasks = [{ id: 'install', name: 'install', agentID: mac, actions: all }];
    const status = { state: 'PENDING', agentID: mac, tasks };
    await createRendered(own.client, { namespace: own.name, name: 'install', status });
  }

  async function stateOf(): Promise<string> {
    const { status } = await own.client.get(Workflow, { namespace: own.name, name: 'install' });
    return status?.state ?? '';
  }

  async function install(kernelArguments: readonly string[], memoryMegabytes: number): Promise<EmulatedMachine> {
    await createWorkflow([
      {
        name: 'image2disk',
        environment: {
          IMG_URL: `http://${host}:${portOf(images)}/image.gz`,
          DEST_DISK: '/dev/vda',
          COMPRESSED: 'true',
        },
      },
      { name: 'poweroff' },
    ]);
    const diskBytes = image.length + (16 << 20);
    const machine = await EmulatedMachine.start({ installer, kernelArguments, mac, diskBytes, memoryMegabytes });
    try {
      // Whatever ends it is an end: the reason is worth more than the patience.
      await eventually(async () => assert.match(await stateOf(), /POST|FAILED|TIMEOUT/), patienceSeconds);
      assert.equal(await stateOf(), 'POST', machine.serial.slice(-3000));
      await eventually(() => assert.ok(!machine.isOn, 'the machine is still on'), patienceSeconds);
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  it('gets an address by DHCP, writes the image to the disk, reports, and switches off', async () => {
    await using machine = await install(installArguments(), 512);
    assert.ok(machine.disk.subarray(0, image.length).equals(image), 'the disk does not hold the image');
    assert.match(machine.serial, /network: eth0 has 10\.0\.2\.15\/\S+, gateway 10\.0\.2\.2 \(DHCP\)/);
    assert.match(machine.serial, /agent: \S+ info .*image2disk/);
    process.stdout.write(`  ${timesOf(machine)}\n`);
    // From before there was a network, too. Datagrams: that all of them arrive is nobody's promise.
    const received = messages.join('\n');
    assert.match(received, /kernel: \[ +0\.\d+\]/);
    assert.match(received, /capt: drivers loaded|capt: network|agent: /);
  });
});

/** For people: how long it took depends on who else works on the machine. */
function timesOf(machine: EmulatedMachine): string {
  const at = (text: string) => machine.secondsUntil(text)?.toFixed(1) ?? '?';
  return `seconds after the kernel began: init ${at('installer starts')}, drivers ${at('drivers loaded')}, network ${at('network: eth0 has')}, agent ${at('agent runs')}, first action ${at('action begins')}`;
}
