import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { skipBecause } from '../support/reporter.ts';
import { ignitionOs } from './ignition-os.ts';
import { provisioningUnavailable } from './provisioning-available.ts';
import { ProvisioningRig } from './provisioning-rig.ts';
import type { SmallOs } from './small-os.ts';

describe('an image that is configured by Ignition', function () {
  this.timeout(7_200_000);
  let folder: string;
  let os: SmallOs;
  let rig: ProvisioningRig;
  let failed = false;

  before(async function () {
    let reason = await provisioningUnavailable();
    for (const program of ['grub-mkstandalone', 'mkfs.vfat', 'mcopy', 'mkfs.btrfs']) reason ??= await missing(program);
    if (reason !== undefined) skipBecause(this, reason);
    folder = mkdtempSync(join(tmpdir(), 'capt-os-'));
    os = await ignitionOs({ cacheDirectory: readSettings(process.env, homedir()).cacheDirectory, target: folder });
    rig = await ProvisioningRig.start({ qemu: 1, firmware: 'uefi' });
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });
  after(async () => {
    await rig?.end({ keepLogs: failed });
    if (folder) rmSync(folder, { recursive: true });
  });

  it('boots from its disk after the installation, and fetches its configuration on the first boot', async () => {
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
