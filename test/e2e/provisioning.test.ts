import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { eventually } from '../faults/eventually.ts';
import { provisioningSuite } from './provisioning-suite.ts';
import { firstBootOn } from './small-os.ts';

describe('machines in QEMU are installed by the whole stack', function () {
  this.timeout(7_200_000);
  const suite = provisioningSuite({ qemu: 2, firmware: 'mixed' });

  it('by BIOS and Redfish, by UEFI and IPMI: network boot, image, kexec, first boot with metadata', async () => {
    const { rig, os } = suite();
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
