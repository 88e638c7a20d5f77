import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { ignitionOs } from './ignition-os.ts';
import { provisioningSuite } from './provisioning-suite.ts';

describe('an image that is configured by Ignition', function () {
  this.timeout(7_200_000);
  const suite = provisioningSuite(
    { qemu: 1, firmware: 'uefi' },
    { programs: ['grub-mkstandalone', 'mkfs.vfat', 'mcopy', 'mkfs.btrfs'], makeOs: ignitionOs },
  );

  it('boots from its disk after the installation, and fetches its configuration on the first boot', async () => {
    const { rig, os } = suite();
    const config = JSON.stringify({ ignition: { version: '3.4.0' }, storage: {} });
    await rig.install('core', rig.publish(os.file), os.sha256, {
      distribution: 'flatcar',
      bootstrap: { value: config, format: 'ignition' },
    });
    await rig.installed('core');
    const host = await rig.hostOf('core');
    await rig.until('the first boot', () => /small-os: ignition/.test(rig.console(host)));
    const { spec } = await rig.provider.get(Hardware, host);
    const sum = createHash('sha256')
      .update(spec?.userData ?? '')
      .digest('hex');
    assert.match(spec?.userData ?? '', /"ignition"/);
    assert.ok(
      rig.console(host).includes(`small-os: ignition first_boot=detected config=${sum}`),
      rig.console(host).slice(-2000),
    );
    await rig.until(`${host} is off`, async () => (await rig.control.machine(host)).power === 'off');
    assert.deepEqual((await rig.control.machine(host)).history, [
      'boots from pxe, disk, cdrom',
      'restarts',
      'boots from disk, cdrom, pxe',
      'switches itself off',
    ]);
  });
});
