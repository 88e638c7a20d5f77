import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { handed } from '../../agent/loop/fake-server.ts';
import { deathPoints } from './faults.ts';
import { installation, MachineRig } from './machine-rig.ts';

describe('a simulated machine', () => {
  let rig: MachineRig;
  afterEach(() => rig[Symbol.asyncDispose]());
  const create = async (options: Parameters<typeof MachineRig.create>[0] = {}) => {
    rig = await MachineRig.create(options);
  };

  it('is installed from the network and joins as the node that its bootstrap data name', async () => {
    await create();
    rig.netboot();
    await rig.until(/is ready$/);
    assert.deepEqual(
      rig.server.states.filter((state) => !state.endsWith('RUNNING')),
      ['image2disk SUCCESS', 'writefile SUCCESS', 'kexec SUCCESS'],
    );
    const [node] = rig.joined;
    assert.equal(node?.nodeName, 'host-1');
    assert.equal(node?.providerID, 'tinkerbell://metal/h');
    assert.equal(node?.osImage, 'http://192.0.2.1/image.gz');
    assert.deepEqual(node?.addresses[0], { type: 'InternalIP', address: '192.0.2.7' });
  });

  it('boots what is on its disk from then on, whatever the metadata say by then', async () => {
    await create();
    rig.netboot();
    await rig.until(/is ready$/);
    rig.firstBoot = undefined;
    rig.machine.chassis.power('reset');
    await rig.until(/is ready$/, 2);
    assert.equal(rig.joined[1]?.providerID, 'tinkerbell://metal/h');
    assert.notEqual(rig.joined[1]?.bootID, rig.joined[0]?.bootID);
    assert.equal(rig.machine.history.filter((what) => what === 'agent starts').length, 1);
  });

  it('has nothing to boot after a wipe, and asks the network again and again', async () => {
    await create();
    rig.netboot();
    await rig.until(/is ready$/);
    rig.machine.chassis.power('off');
    rig.server.actions.push(handed('wipe', { environment: { DEST_DISK: '/dev/sda' } }), handed('reboot'));
    rig.netboot();
    await rig.until(/^action reboot/);
    await rig.until(/^power on/, 3);
    assert.equal(await rig.machine.disk.read(), undefined);
    await rig.until(/^agent starts/, 3);
    assert.equal(rig.joined.length, 1);
  });

  it('does not get into the installer when its network boot is not allowed', async () => {
    await create();
    rig.mayNetboot = false;
    rig.netboot();
    await rig.until(/^power on/);
    rig.machine.losePower();
    assert.equal(rig.server.asked, 0);
    rig.mayNetboot = true;
    rig.machine.chassis.power('on');
    await rig.until(/is ready$/);
  });

  it('falls silent when it loses its power', async () => {
    await create();
    rig.netboot();
    await rig.until(/is ready$/);
    rig.machine.losePower();
    while (rig.silent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(rig.silent, ['host-1']);
  });

  for (const at of deathPoints) {
    for (const [action, { name }] of installation().entries()) {
      it(`is not installed twice when its agent dies as ${name} is ${at}`, async () => {
        await create({ faults: { deaths: [{ action, at }] } });
        rig.netboot();
        await rig.until(/^agent starts/, 2);
        // What was interrupted is not done again; everything else goes on where it was.
        const end = at === 'working' ? `${name} FAILED` : `${name} SUCCESS`;
        await rig.server.until(() => rig.server.states.includes(end));
        if (at !== 'working') await rig.until(/is ready$/);
        const done = rig.machine.history.filter((what) => what.startsWith(`action ${name} of default/wf: SUCCESS`));
        assert.equal(done.length, at === 'working' ? 0 : 1, rig.machine.history.join('\n'));
      });
    }
  }

  it('says nothing more when the power goes in the middle of an action', async () => {
    await create({ faults: { deaths: [{ action: 1, at: 'begun', powerLoss: true }] } });
    rig.netboot();
    await rig.until(/^power off/);
    const reports = rig.server.states;
    assert.deepEqual(reports.slice(-1), ['writefile RUNNING']);
    rig.netboot();
    await rig.until(/^agent starts/, 2);
    await rig.until(/is ready$/);
  });

  it('comes up without a node when it is told to', async () => {
    await create({ faults: { nodeNeverComes: true } });
    rig.netboot();
    await rig.until(/^is node host-1/);
    rig.machine.losePower();
    await rig.until(/^power off/);
    assert.deepEqual(rig.joined, []);
  });

  it('eks-a#6742 – boots its old disk when the firmware skips the network boot', async () => {
    await create({ faults: { skippedNetboots: 1 } });
    rig.netboot();
    await rig.until(/is ready$/);
    rig.machine.chassis.power('off');
    rig.netboot();
    await rig.until(/is ready$/, 2);
    assert.equal(rig.machine.history.filter((what) => what === 'agent starts').length, 1);
  });

  it('fails an action on a disk that it does not have', async () => {
    await create();
    rig.server.actions.splice(0, 3, handed('image2disk', { environment: { DEST_DISK: '/dev/nvme0n1' } }));
    rig.netboot();
    await rig.until(/FAILED$/);
    await rig.server.until(() => rig.server.states.includes('image2disk FAILED'));
    assert.equal(await rig.machine.disk.read(), undefined);
  });

  it('hangs with a reason when its bootstrap data make no sense', async () => {
    await create();
    rig.firstBoot = { hostname: 'host-1', addresses: [], userData: '#cloud-config\nwrite_files: []\n' };
    rig.netboot();
    await rig.until(/^hangs: the bootstrap data have no InitConfiguration/);
    assert.deepEqual(rig.joined, []);
  });
});
