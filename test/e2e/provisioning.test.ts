import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { networkNames } from '../../src/rack/qemu/network/network.ts';
import { eventually } from '../faults/eventually.ts';
import { leftovers } from '../support/leftovers.ts';
import { skipBecause } from '../support/reporter.ts';
import { provisioningUnavailable } from './provisioning-available.ts';
import { ProvisioningRig } from './provisioning-rig.ts';
import { firstBootOn, type SmallOs, smallOs } from './small-os.ts';

describe('machines in QEMU are installed by the whole stack', function () {
  this.timeout(7_200_000);
  let folder: string;
  let os: SmallOs;
  let rig: ProvisioningRig;
  let failed = false;

  before(async function () {
    const reason = await provisioningUnavailable();
    if (reason !== undefined) skipBecause(this, reason);
    folder = mkdtempSync(join(tmpdir(), 'capt-os-'));
    os = await smallOs({ cacheDirectory: readSettings(process.env, homedir()).cacheDirectory, target: folder });
    rig = await ProvisioningRig.start({ qemu: 2, firmware: 'mixed' });
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });
  after(async () => {
    await rig?.end({ keepLogs: failed });
    if (folder) rmSync(folder, { recursive: true });
    if (rig === undefined) return;
    assert.deepEqual(leftovers(rig.folder), []);
    assert.ok(!networkNames().includes(rig.rack.qemu.network));
  });

  it('by BIOS and Redfish, by UEFI and IPMI: network boot, image, kexec, first boot with metadata', async () => {
    const url = rig.publish(os.file);
    const started = performance.now();
    for (const name of ['one', 'two']) await rig.install(name, url, os.sha256);
    for (const name of ['one', 'two']) await rig.installed(name);
    for (const { name, bmc } of rig.rack.qemu.machines) {
      await rig.until(`the first boot of ${name}`, () => /small-os: first boot/.test(rig.console(name)));
      const hardware = await rig.provider.get(Hardware, name);
      const sum = createHash('sha256')
        .update(hardware.spec?.userData ?? '')
        .digest('hex');
      const id = hardware.spec?.metadata?.instance?.id;
      const report = `small-os: first boot of ${name}: instance-id=${id} user-data=${sum} datasource: Ec2`;
      assert.ok(rig.console(name).includes(report), rig.console(name).slice(-2000));
      await eventually(() => assert.ok(rig.output.includes(report), `no syslog of ${name}`));
      await rig.until(`${name} is off`, async () => (await rig.control.machine(name)).power === 'off');
      assert.equal((await firstBootOn(rig.disk(name))).trim(), report);
      const { history } = await rig.control.machine(name);
      // It was booted once by its firmware: what came after is a kexec.
      assert.deepEqual(history, ['boots from pxe, disk, cdrom', 'switches itself off'], `${name} (${bmc.protocol})`);
    }
    process.stdout.write(`  ${Math.round((performance.now() - started) / 1000)} s for both\n`);
  });
});
