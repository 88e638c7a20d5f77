import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { ProvisioningRig } from './provisioning-rig.ts';
import { provisioningSuite } from './provisioning-suite.ts';
import { firstBootOn, type SmallOs } from './small-os.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('image-server.ts', import.meta.url));
const serverPort = 8080;

/** Machines of one rack, one a test, whose BMCs are of another make: OpenIPMI's ipmi_sim. */
describe('an installation that is disturbed', function () {
  this.timeout(7_200_000);
  let images: ChildProcess | undefined;
  // Before the rack is ended, whose network it is on.
  after(() => images?.kill('SIGKILL'));
  const suite = provisioningSuite({ qemu: 5, bmc: 'ipmi_sim' }, { programs: ['ipmi_sim'] });
  let rig: ProvisioningRig;
  let os: SmallOs;

  before(async () => {
    ({ rig, os } = suite());
    const { address } = rig.rack.qemu.services;
    // Long enough to do something meanwhile, wherever the test runs.
    const bytesPerSecond = Math.floor(statSync(os.file).size / 60);
    const args = [script, address, String(serverPort), os.file, String(bytesPerSecond)];
    images = spawn(...rig.command(process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(images.stdout);
    await once(images.stdout, 'data');
  });

  const url = (path: string) => `http://${rig.rack.qemu.services.address}:${serverPort}${path}`;

  async function workflows(name: string): Promise<Workflow[]> {
    const all = await rig.provider.list(Workflow);
    return all.filter(({ metadata }) => metadata.name?.startsWith(name));
  }

  /** Waits until the agent writes the image. @returns the machine of the rack */
  async function streaming(name: string): Promise<string> {
    await rig.until(`${name} streams`, async () => {
      await rig.machine(name);
      return (await workflows(name)).some(({ status }) => (status?.progress?.bytes ?? 0) > 0);
    });
    return await rig.hostOf(name);
  }

  async function isWhole(name: string): Promise<string> {
    await rig.installed(name);
    const host = await rig.hostOf(name);
    await rig.until(`the first boot of ${host}`, async () => /first boot/.test(await firstBootOn(rig.disk(host))));
    await rig.until(`${host} is off`, async () => (await rig.control.machine(host)).power === 'off');
    return host;
  }

  it('by a link that is cut while the image is streamed: it goes on where it was', async () => {
    await rig.install('cut', url('/slow/image.raw.zst'), os.sha256);
    const host = await streaming('cut');
    const tap = `tap${rig.rack.qemu.machines.findIndex(({ name }) => name === host)}-0`;
    const link = (state: string) => run('ip', ['-n', rig.rack.qemu.network, 'link', 'set', tap, state]);
    await link('down');
    await pause(15_000);
    await link('up');
    await isWhole('cut');
    assert.deepEqual((await rig.control.machine(host)).history, ['boots from pxe, disk, cdrom', 'switches itself off']);
    assert.equal((await workflows('cut')).length, 1);
  });

  it('by a kill -9 of the whole stack while the image is streamed: the machine does not notice', async () => {
    await rig.install('killed', url('/slow/image.raw.zst'), os.sha256);
    const host = await streaming('killed');
    await rig.endServing('SIGKILL');
    await pause(5_000);
    await rig.serve();
    await isWhole('killed');
    assert.deepEqual((await rig.control.machine(host)).history, ['boots from pxe, disk, cdrom', 'switches itself off']);
  });

  it('by a power failure while the image is streamed: it is installed all the same', async () => {
    await rig.install('unplugged', url('/slow/image.raw.zst'), os.sha256);
    const host = await streaming('unplugged');
    await rig.control.power(host, 'unplug');
    await rig.until(`${host} is off`, async () => (await rig.control.machine(host)).power === 'off');
    await rig.control.power(host, 'on');
    await isWhole('unplugged');
  });

  it('by an image that was cut short: it fails, is tried again, and is never ready before the image is whole', async () => {
    await rig.install('short', url('/short/image.raw.zst'), os.sha256);
    await rig.until('the first attempt fails', async () => {
      const host = await rig.hostOf('short').catch(() => undefined);
      return host !== undefined && /stream image to disk" state=FAILED/.test(rig.console(host));
    });
    const { status } = await rig.provider.get(TinkerbellMachine, 'short');
    assert.notEqual(status?.initialization?.provisioned, true);
    writeFileSync(`${os.file}.whole`, '');
    const host = await isWhole('short');
    const boots = (await rig.control.machine(host)).history.filter((entry) => entry.startsWith('boots'));
    assert.ok(boots.length >= 2, boots.join('; '));
  });

  it('by nothing, and is then released: nothing of it can be read from the disk', async () => {
    await rig.install('released', rig.publish(os.file), os.sha256);
    const host = await isWhole('released');
    assert.ok(await hasFileSystem(rig.disk(host)));
    await rig.provider.delete(Machine, 'released');
    await rig.until('it is gone', async () => (await rig.provider.find(TinkerbellMachine, 'released')) === undefined);
    assert.ok(!(await hasFileSystem(rig.disk(host))));
    await assert.rejects(firstBootOn(rig.disk(host)));
  });
});

/** Whether there is a partition table (GPT), or the superblock of an ext4 file system in the first partition. */
async function hasFileSystem(disk: string): Promise<boolean> {
  await using file = await open(disk, 'r');
  const read = async (position: number) => (await file.read(Buffer.alloc(8), { position })).buffer;
  const magic = (await read(2 ** 20 + 1024 + 56)).readUInt16LE();
  return (await read(512)).toString('latin1') === 'EFI PART' || magic === 0xef53;
}
