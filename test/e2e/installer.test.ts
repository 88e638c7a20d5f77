import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowAction } from '../../src/api/tinkerbell/v1alpha1/workflow-task.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { buildInstaller } from '../../src/bootstrap/installer/build-installer.ts';
import { emulatedRecipe } from '../../src/bootstrap/installer/inputs.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { eventually } from '../faults/eventually.ts';
import { AgentApiRig, createRendered } from '../support/agent-api-rig.ts';
import { skipBecause } from '../support/reporter.ts';
import { TestNamespace } from '../support/test-namespace.ts';
import { EmulatedMachine } from './emulated-machine.ts';
import { VlanSwitch } from './vlan-switch.ts';

const mac = '02:00:00:00:00:01';
/** The loopback of this machine as the emulated one sees it. */
const host = '10.0.2.2';

/** Emulated machines are slow where others work too. */
const patienceSeconds = 900;
const memoryMegabytes = 400;

const { cacheDirectory } = readSettings(process.env, homedir());

describe('the installer OS in an emulated machine', function () {
  this.timeout(2_000_000);
  const small = sampleImage(8 << 20);
  let image: Buffer;
  let installer: string;
  let own: TestNamespace;
  let rig: AgentApiRig;
  let images: Server;
  let syslog: Socket;
  let messages: string[];

  before(async function () {
    const unavailable = EmulatedMachine.unavailable() ?? missingTool('mke2fs') ?? missingTool('debugfs');
    if (unavailable !== undefined) skipBecause(this, unavailable);
    const built = await buildInstaller({
      cacheDirectory,
      environment: process.env,
      architecture: 'x86_64',
      report: (line) => process.stdout.write(`  ${line}\n`),
    });
    installer = built.directory;
    image = imageWithKernel(installer);
    const shared = await TestNamespace.create('e2e-crds');
    await installCrds(shared.client, [Hardware, Workflow]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('e2e');
    rig = await AgentApiRig.start(own.client, own.name);
    const compressed = zstdCompressSync(image, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    const served: Record<string, string | Buffer> = {
      '/metadata': JSON.stringify(metadata),
      '/image.zst': compressed,
      '/small.gz': gzipSync(small),
    };
    images = createServer(({ url = '' }, response) => response.end(served[url])).listen(0, '127.0.0.1');
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

  it('is made of the same bytes a second time, in another folder', async () => {
    const lines: string[] = [];
    const options = { cacheDirectory, environment: process.env, architecture: 'x86_64' } as const;
    // Quick to make, by the same ways.
    const recipes = [emulatedRecipe];
    const { manifest } = await buildInstaller({
      ...options,
      recipes,
      check: true,
      report: (line) => lines.push(line),
    });
    assert.equal(lines.at(-1), 'made once more: the same bytes');
    assert.match(manifest.files['initramfs-x86_64']?.sha256 ?? '', /^[0-9a-f]{64}$/);
  });

  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

  const agentArguments = () => [
    `worker_id=${mac}`,
    `hw_addr=${mac}`,
    `grpc_authority=${host}:${rig.server.port}`,
    'tinkerbell_tls=false',
    `syslog_host=${host}:${portOf(syslog)}`,
  ];

  async function createWorkflow(actions: readonly Partial<WorkflowAction>[]): Promise<void> {
    const all = actions.map(({ name = '', ...action }, index) => ({
      id: `${index}`,
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

  async function untilDone(machine: EmulatedMachine): Promise<void> {
    // Whatever ends it is an end: the reason is worth more than the patience.
    await eventually(async () => assert.match(await stateOf(), /POST|FAILED|TIMEOUT/), patienceSeconds);
    assert.equal(await stateOf(), 'POST', machine.serial.slice(-3000));
    await eventually(() => assert.ok(!machine.isOn, 'the machine is still on'), patienceSeconds);
  }

  async function untilAgentRuns(machine: EmulatedMachine): Promise<void> {
    await eventually(() => assert.match(machine.serial, /agent runs/), patienceSeconds);
  }

  it('installs with 400 MB of memory: partitions, an image that is read back, a file in it, and its kernel by kexec', async () => {
    const port = String(portOf(images));
    const rootio = { name: 'rootio', environment: { MIRROR_HOST: host, METADATA_SERVICE_PORT: port } };
    const target = { FS_TYPE: 'ext4' };
    const vda = { DEST_DISK: '/dev/vda' };
    const owner = { UID: '0', GID: '0', DIRMODE: '0755' };
    const digest = createHash('sha256').update(image).digest('hex');
    await createWorkflow([
      { ...rootio, command: ['partition'] },
      { ...rootio, command: ['format'] },
      {
        name: 'image2disk',
        environment: { ...vda, IMG_URL: `http://${host}:${port}/image.zst`, IMG_RAW_SHA256: digest, VERIFY: 'true' },
      },
      { name: 'verify', environment: { ...vda, DIGEST: `sha256:${digest}` } },
      {
        name: 'writefile',
        environment: { ...target, ...vda, ...owner, DEST_PATH: '/etc/motd', CONTENTS: 'installed', MODE: '0644' },
      },
      {
        name: 'kexec',
        environment: {
          ...target,
          BLOCK_DEVICE: '/dev/vda',
          KERNEL_PATH: '/boot/vmlinuz',
          INITRD_PATH: '/boot/initrd',
          // It finds no system there, and gives up.
          CMD_LINE: 'console=ttyS0,115200 started-by-kexec panic=-1',
        },
      },
    ]);
    // As netboot scripts have it: the machine has another serial port too, which gets the log as well.
    const kernelArguments = ['console=tty0', 'console=ttyS1,115200', ...agentArguments()];
    const disksBytes = [image.length, 64 << 20];
    await using machine = await EmulatedMachine.start({ installer, kernelArguments, mac, disksBytes, memoryMegabytes });
    await untilAgentRuns(machine);
    process.stdout.write(`  ${timesOf(machine)}\n`);
    await machine.type(1, '\necho shell-$((6 * 7))\n');
    await untilDone(machine);
    assert.equal(fileOn(machine.diskFile(0), '/etc/motd').toString(), 'installed');
    const kernel = readFileSync(join(installer, 'vmlinuz-x86_64'));
    assert.ok(fileOn(machine.diskFile(0), '/boot/vmlinuz').equals(kernel), 'the disk does not hold the image');
    // The first partition begins at 1 MiB; what ext4 is known by lies behind its first KiB.
    assert.equal(machine.disk(1).readUInt16LE((1 << 20) + 1024 + 56), 0xef53);
    assert.match(machine.serial, /network: eth0 has 10\.0\.2\.15\/\S+, gateway 10\.0\.2\.2 \(DHCP\)/);
    assert.match(machine.serial, /Command line: .*started-by-kexec/);
    for (const log of [machine.serial, machine.serialOf(1)]) {
      assert.match(log, /agent: \S+ info .*image2disk/);
      assert.doesNotMatch(log, /shell-42/, 'there is a shell that nobody asked for');
      assert.doesNotMatch(log, /agent: .*warning/i);
    }
    // From before there was a network, too. Datagrams: that all of them arrive is nobody's promise.
    const received = messages.join('\n');
    assert.match(received, /kernel: \[ +0\.\d+\]/);
    assert.match(received, /capt: drivers loaded|capt: network|agent: /);
  });

  it('takes the address of ipam= on the VLAN of vlan_id=, and opens a shell when asked to', async () => {
    await using vlan = await VlanSwitch.start(100);
    const ipam = [mac.replaceAll(':', '-'), '', '10.0.2.50', '255.255.255.0', host, 'fixed', '10.0.2.3', 'example.org'];
    const ours = [`ipam=${ipam.join(':')}:`, 'vlan_id=100', 'rescue'];
    const kernelArguments = ['console=ttyS0,115200', ...ours, ...agentArguments()];
    const disksBytes = [small.length + (1 << 20)];
    await using machine = await EmulatedMachine.start({
      ...{ installer, kernelArguments, mac, disksBytes, memoryMegabytes, vlan },
    });
    await untilAgentRuns(machine);
    assert.match(machine.serial, /network: eth0\.100 has 10\.0\.2\.50\/24, gateway 10\.0\.2\.2 \(ipam=\)/);
    await eventually(async () => {
      await machine.type(0, '\necho shell-$((6 * 7)) $(hostname) $(cat /etc/resolv.conf)\n');
      assert.match(machine.serial, /shell-42 fixed search example\.org nameserver 10\.0\.2\.3/);
    }, patienceSeconds);
    // Over the VLAN, too: nothing else comes through.
    const environment = { IMG_URL: `http://${host}:${portOf(images)}/small.gz`, DEST_DISK: '/dev/vda' };
    await createWorkflow([{ name: 'image2disk', environment }, { name: 'poweroff' }]);
    await untilDone(machine);
    assert.ok(machine.disk(0).subarray(0, small.length).equals(small), 'the disk does not hold the image');
    assert.match(messages.join('\n'), /agent: /);
  });
});

/** For people: how long it took depends on who else works on the machine. */
function timesOf(machine: EmulatedMachine): string {
  const at = (text: string) => machine.secondsUntil(text)?.toFixed(1) ?? '?';
  return `seconds after the kernel began: init ${at('installer starts')}, drivers ${at('drivers loaded')}, network ${at('network: eth0 has')}, agent ${at('agent runs')}, first action ${at('action begins')}`;
}

const metadata = {
  metadata: {
    instance: {
      storage: {
        disks: [{ device: '/dev/vdb', wipe_table: true, partitions: [{ label: 'DATA', number: 1, size: 0 }] }],
        filesystems: [
          { mount: { device: '/dev/vdb1', format: 'ext4', point: '/data', create: { options: ['-L', 'DATA'] } } },
        ],
      },
    },
  },
};

/** A file system with a kernel, and an initial file system as big as those of distributions, which holds nothing. */
function imageWithKernel(installer: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'capt-e2e-image-'));
  try {
    const root = join(folder, 'root');
    for (const name of ['boot', 'etc']) mkdirSync(join(root, name), { recursive: true });
    copyFileSync(join(installer, 'vmlinuz-x86_64'), join(root, 'boot', 'vmlinuz'));
    writeFileSync(join(root, 'boot', 'initrd'), randomFillSync(Buffer.alloc(40 << 20)));
    const file = join(folder, 'image');
    execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', root, file, '128M'], { stdio: 'pipe' });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fileOn(disk: string, path: string): Buffer {
  return execFileSync('debugfs', ['-R', `cat ${path}`, disk], { stdio: 'pipe', maxBuffer: 1 << 30 });
}

function missingTool(name: string): string | undefined {
  const { error } = spawnSync(name, ['-V']);
  return error === undefined ? undefined : `there is no ${name} (Debian package e2fsprogs)`;
}
