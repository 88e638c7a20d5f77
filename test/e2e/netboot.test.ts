import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, it } from 'mocha';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { waitUntil } from '../../src/bootstrap/process/wait-until.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { debianFolder } from '../../src/netboot/ipxe/boot-programs.ts';
import { networkNames } from '../../src/rack/qemu/network/network.ts';
import { QemuRack } from '../../src/rack/qemu/rack.ts';
import { eventually } from '../faults/eventually.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { captFile } from '../support/local-cli.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';
import { TestNamespace } from '../support/test-namespace.ts';
import { ApiRelay } from './api-relay.ts';
import { installerMissing, tinyInstaller } from './tiny-installer.ts';

const run = promisify(execFile);
const login = { username: 'admin', password: 'pw-Tr0ub4dor' };
const serverAddress = '192.0.2.1';

/** What a machine is, what it is told to boot from, and how that leads to the script. */
interface Case {
  name: string;
  firmware: 'bios' | 'uefi';
  mac: string;
  address: string;
  device: 'pxe' | 'cdrom';
  optionRom: boolean;
  way: string;
}

const one = (name: string, number: number): Pick<Case, 'name' | 'mac' | 'address'> => ({
  name,
  mac: `02:00:5e:00:53:0${number}`,
  address: `192.0.2.1${number}`,
});

const machines: Case[] = [
  {
    ...one('bios-1', 1),
    firmware: 'bios',
    device: 'pxe',
    optionRom: true,
    way: 'by the iPXE in the ROM of its network card',
  },
  {
    ...one('uefi-1', 2),
    firmware: 'uefi',
    device: 'pxe',
    optionRom: false,
    way: 'by its own PXE, and iPXE over TFTP',
  },
  { ...one('media-1', 3), firmware: 'bios', device: 'cdrom', optionRom: false, way: 'by iPXE on a virtual CD' },
];

describe('a machine in QEMU finds its installer', function () {
  this.timeout(300_000);
  let own: TestNamespace;
  let folder: string;
  let rack: QemuRack;
  let network: string;
  let serving: ChildProcess | undefined;
  let output = '';
  let failed = false;
  const parts = new AsyncDisposableStack();

  before(async function () {
    const reason =
      NetworkNamespaces.unavailable() ??
      (await missing('qemu-system-x86_64')) ??
      (await missing('curl')) ??
      (existsSync(join(debianFolder, 'ipxe.iso')) ? undefined : 'Debian’s package ipxe is not installed') ??
      (await installerMissing());
    if (reason !== undefined) skipBecause(this, reason);
    folder = mkdtempSync(join(tmpdir(), 'capt-e2e-'));
    const { cacheDirectory } = readSettings(process.env, homedir());
    await tinyInstaller(cacheDirectory, join(folder, 'artifacts'));
    copyFileSync(join(debianFolder, 'ipxe.iso'), join(folder, 'artifacts', 'ipxe.iso'));
    own = parts.use(await TestNamespace.create('e2e'));
    await installCrds(own.client, kinds);
    for (const machine of machines) await own.client.create(Hardware, hardwareOf(machine, own.name));
    rack = parts.use(
      await QemuRack.start({
        machines: machines.map(({ name, firmware, mac, optionRom }) => ({
          name,
          macs: [mac],
          firmware,
          optionRom,
          memoryMib: 512,
          processors: 1,
        })),
        directory: folder,
        address: `${serverAddress}/24`,
        environment: process.env,
        // KVM is an option of the rack; what is tested here must not depend on the host.
        acceleration: 'tcg',
        login,
      }),
    );
    network = rack.networkName;
    const { server } = testControlPlane().adminCredentials;
    const command = (program: string, args: readonly string[]) => rack.command(program, args);
    const socketFile = join(folder, 'api.sock');
    parts.use(await ApiRelay.start({ port: Number(new URL(server).port), socketFile, command }));
    serve();
    await eventually(async () => {
      const curl = rack.command('curl', ['-sf', `http://${serverAddress}:7080/readyz`]);
      await run(...curl).catch(() => assert.fail(`not ready:\n${output}`));
    }, 60);
  });

  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });

  after(async () => {
    if (serving?.exitCode === null) {
      serving.kill('SIGTERM');
      await once(serving, 'exit');
    }
    await parts[Symbol.asyncDispose]();
    if (failed) process.stdout.write(`  logs of the machines are kept in ${folder}; capt serve said:\n${output}\n`);
    else if (folder) rmSync(folder, { recursive: true });
    if (network) assert.ok(!networkNames().includes(network), 'the network is still there');
  });

  function serve(): void {
    const flags = [
      ...['--kubeconfig', testControlPlane().kubeconfigFile, '--backend-kube-namespace', own.name],
      ...['--public-ipv4', serverAddress, '--dhcp-bind-interface', 'rack0'],
      ...['--artifacts-dir', join(folder, 'artifacts')],
    ];
    const [file, args] = rack.command(captFile, ['serve', '--services', 'netboot,metadata', ...flags]);
    serving = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [serving.stdout, serving.stderr]) stream?.on('data', (data) => (output += String(data)));
  }

  for (const { name, firmware, mac, device, way } of machines) {
    it(`${firmware.toUpperCase()}, ${way}: told so once by its BMC, it loads the installer, which learns who it is`, async () => {
      const { machine, bmc, directory } = rack.slot(name);
      const target = { host: '127.0.0.1', port: bmc.port, credentials: login };
      const signal = AbortSignal.timeout(60_000);
      await using session = await new RedfishDriver().open(target, { insecureTLS: true, signal });
      if (device === 'cdrom') {
        const url = `http://${serverAddress}:7080/artifacts/ipxe.iso`;
        await session.insertMedia({ kind: 'CD', url }, { signal });
      }
      await session.setBootOverride({ device, efiBoot: firmware === 'uefi', persistent: false }, { signal });
      await session.power('on', { signal });
      // Where the script sends the console. There is no second serial console beside it: Linux takes the first only.
      const serial = () => readFileSync(join(directory, 'ttyS1.log'), 'utf8');
      const report = `e2e firmware=${firmware.toUpperCase()} worker=${mac} instance-id=id-of-${name}`;
      const ended = () => machine.powerState() === 'off' && machine.history.length > 1;
      await waitUntil(ended, { timeoutMs: 200_000, intervalMs: 100 });
      assert.ok(serial().includes(report), `no report; the console said:\n${serial().slice(-2000)}`);
      await eventually(() => assert.ok(output.includes(report), 'no syslog'));
      assert.match(output, new RegExp(`"machine":"${own.name}/${name}".*${report}`));
      const again = { signal: AbortSignal.timeout(60_000) };
      assert.equal(await session.powerState(again), 'off');
      assert.equal((await session.bootOverride(again)).active, false);
      const order = device === 'pxe' ? 'pxe, disk, cdrom' : 'cdrom, disk, pxe';
      assert.deepEqual(machine.history, [`boots from ${order}`, 'switches itself off']);
    });
  }
});

function hardwareOf({ name, firmware, mac, address }: Case, namespace: string): Hardware {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name, namespace },
    spec: {
      metadata: { instance: { id: `id-of-${name}` } },
      interfaces: [
        {
          dhcp: {
            mac,
            arch: 'x86_64',
            uefi: firmware === 'uefi',
            hostname: name,
            ip: { address, netmask: '255.255.255.0', gateway: serverAddress },
            lease_time: 3600,
          },
          netboot: {
            allowPXE: true,
            // Without the first, emulated machines find their clock too slow and change to one that is slower.
            osie: { kernelParams: ['tsc=reliable', 'mitigations=off', 'quiet'] },
          },
        },
      ],
    },
  } as Hardware;
}
