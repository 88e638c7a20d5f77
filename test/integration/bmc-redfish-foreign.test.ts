import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { CertificateAuthority } from '../../src/kube/admission/certificate-authority.ts';
import { idrac9, idrac10 } from '../../src/rack/bmc/redfish/profiles/dell.ts';
import { generic } from '../../src/rack/bmc/redfish/profiles/generic.ts';
import { supermicroX12 } from '../../src/rack/bmc/redfish/profiles/supermicro.ts';
import { skipBecause } from '../support/reporter.ts';
import { credentials, Rig } from './bmc-redfish-rig.ts';

/** The Python that Debian's packages are for; another may come first on the path. */
const python = '/usr/bin/python3';
const image = 'http://images.test/installer.iso';

/** Runs a program to its end; a number other than 0 is its exit code, -1 that it is not there. */
function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}

describe('a virtual Redfish BMC and redfishtool, which we did not write', () => {
  let rig: Rig;

  before(async function () {
    const { output } = await run('redfishtool', ['-V']);
    if (!/version/i.test(output)) skipBecause(this, 'redfishtool is not installed (Debian: redfishtool)');
  });

  beforeEach(async () => {
    const authority = await CertificateAuthority.create();
    const { cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
    rig = await Rig.start({ tls: { cert, key } });
  });

  afterEach(() => rig[Symbol.asyncDispose]());

  async function tool(...args: string[]): Promise<string> {
    const { username, password } = credentials;
    const common = ['-r', `127.0.0.1:${rig.port}`, '-u', username, '-p', password, '-S', 'Always', '-n'];
    const { code, output } = await run('redfishtool', [...common, ...args]);
    assert.equal(code, 0, output);
    return output;
  }

  it('switches the machine on and off', async () => {
    await tool('Systems', '-F', 'reset', 'On');
    assert.equal(rig.machine.actualPowerState, 'on');
    assert.match(await tool('Systems', '-F', '-P', 'PowerState', 'get'), /"PowerState": "On"/);
    await tool('-A', 'Session', 'Systems', '-F', 'reset', 'ForceOff');
    assert.equal(rig.machine.actualPowerState, 'off');
    assert.equal(rig.bmc.openSessions, 0);
  });

  it('sets a boot device for once', async () => {
    await tool('Systems', '-F', 'setBootOverride', 'Once', 'Pxe');
    assert.deepEqual(rig.machine.bootOverride(), { active: true, device: 'pxe', efiBoot: true, persistent: false });
    await tool('Systems', '-F', 'setBootOverride', 'Disabled');
    assert.deepEqual(rig.machine.bootOverride(), { active: false });
  });

  it('inserts and ejects an image', async () => {
    const drive = '/redfish/v1/Systems/machine/VirtualMedia/CD/Actions/VirtualMedia';
    await tool('raw', 'POST', `${drive}.InsertMedia`, '-d', JSON.stringify({ Image: image }));
    assert.equal(rig.machine.medium(), image);
    await tool('raw', 'POST', `${drive}.EjectMedia`, '-d', '{}');
    assert.equal(rig.machine.medium(), undefined);
  });

  it('finds processors, managers and chassis', async () => {
    assert.match(await tool('Systems', '-F', 'Processors', 'list'), /CPU1/);
    assert.match(await tool('Managers', '-F', 'get'), /"FirmwareVersion": "1\.0\.0"/);
    assert.match(await tool('Chassis', 'list'), /box/);
  });
});

/** What OpenStack does with a BMC, in its own client; prints what it sees. */
const sushyScript = `
import json
import sys
import sushy
base, user, password, image, media_at = sys.argv[1:]
root = sushy.Sushy(base, username=user, password=password, verify=False)
system = root.get_system_collection().get_members()[0]
seen = {'sessions': type(root._auth).__name__}
system.reset_system(sushy.ResetType.ON)
system.refresh(force=True)
seen['on'] = system.power_state.value
system.set_system_boot_options(sushy.BootSource.PXE, enabled=sushy.BootSourceOverrideEnabled.ONCE, mode=sushy.BootSourceOverrideMode.UEFI)
system.refresh(force=True)
seen['boot'] = str(system.boot.enabled)
owner = system if media_at == 'system' else system.managers[0]
# Of equal drives the first by number is the one that boots; the collection may list it last.
drives = sorted(owner.virtual_media.get_members(), key=lambda d: d.identity)
drive = next(d for d in drives if sushy.VirtualMediaType.CD in d.media_types)
drive.insert_media(image)
drive.refresh(force=True)
seen['image'] = drive.image
drive.eject_media()
seen['cpus'] = system.processors.summary.count
seen['macs'] = len(system.ethernet_interfaces.summary)
system.reset_system(sushy.ResetType.FORCE_OFF)
system.refresh(force=True)
seen['off'] = system.power_state.value
root._auth.close()
print(json.dumps(seen))
`;

describe('a virtual Redfish BMC and sushy, the client of OpenStack, which we did not write', () => {
  before(async function () {
    const { code } = await run(python, ['-c', 'import sushy']);
    if (code !== 0) skipBecause(this, 'sushy is not installed (Debian: python3-sushy)');
  });

  /** sushy 4.3.3 looks for drives at managers only, and writes `Boot` to the settings of its own accord. */
  for (const profile of [
    { ...generic, drivesAt: ['manager'] as const },
    idrac9,
    supermicroX12,
    { ...idrac10, drivesAt: ['manager'] as const },
  ]) {
    it(`work through a whole installation with one like ${profile.name}`, async () => {
      await using rig = await Rig.start({ profile });
      const { username, password } = credentials;
      const args = [`http://127.0.0.1:${rig.port}/redfish/v1/`, username, password, image, 'manager'];
      const { code, output } = await run(python, ['-W', 'ignore', '-c', sushyScript, ...args]);
      assert.equal(code, 0, output);
      const seen = JSON.parse(output.trim().split('\n').at(-1) ?? '{}');
      assert.deepEqual([seen.on, seen.off, seen.image, seen.macs], ['On', 'Off', image, 2]);
      assert.deepEqual(rig.machine.commands, ['on', 'bootOverride', 'medium', 'medium', 'off']);
      assert.equal(rig.machine.bootOverride().device, 'pxe');
      assert.equal(rig.bmc.openSessions, 0);
    });
  }
});
