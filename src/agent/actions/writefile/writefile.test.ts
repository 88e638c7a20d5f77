import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ActionBench } from '../../../../test/support/action-bench.ts';
import { LoopDevice } from '../../../../test/support/loop-device.ts';

describe('action writefile', function () {
  this.timeout(20_000);
  let disk: LoopDevice;
  let bench: ActionBench;

  beforeEach(() => {
    disk = new LoopDevice(16 * 1024 * 1024);
    disk.run('mkfs.ext4', '-q', '-F');
    bench = new ActionBench();
  });

  afterEach(async () => {
    try {
      assert.deepEqual(await bench.leftovers(), []);
    } finally {
      bench[Symbol.dispose]();
      disk[Symbol.dispose]();
    }
  });

  const environment = (more: Record<string, string> = {}) => ({
    DEST_DISK: disk.device,
    FS_TYPE: 'ext4',
    DEST_PATH: '/etc/cloud/cloud.cfg.d/10_tinkerbell.cfg',
    CONTENTS: 'datasource:\n  Ec2: {}\n',
    UID: '0',
    GID: '0',
    MODE: '0600',
    DIRMODE: '0700',
    ...more,
  });
  const write = (more?: Record<string, string>) =>
    bench.perform('quay.io/tinkerbell/actions/writefile:latest', environment(more));

  it('makes folders and file with exactly these permissions and owners', async () => {
    assert.deepEqual(await write({ UID: '1000', GID: '1001', MODE: '0777' }), {
      state: 'SUCCESS',
      message: 'action completed',
    });
    assert.equal(disk.debugfs('cat /etc/cloud/cloud.cfg.d/10_tinkerbell.cfg'), 'datasource:\n  Ec2: {}\n');
    assert.match(
      disk.debugfs('stat /etc/cloud/cloud.cfg.d/10_tinkerbell.cfg'),
      /Mode: +0777[\s\S]*User: +1000 +Group: +1001/,
    );
    assert.match(disk.debugfs('stat /etc/cloud'), /Type: directory +Mode: +0700/);
    assert.doesNotMatch(bench.output.join('\n'), /datasource/);
  });

  it('replaces a file, and gives it these permissions too; an empty one is a file', async () => {
    await write({ MODE: '0777' });
    assert.equal((await write({ CONTENTS: '', MODE: '0640' })).state, 'SUCCESS');
    assert.match(disk.debugfs('stat /etc/cloud/cloud.cfg.d/10_tinkerbell.cfg'), /Mode: +0640[\s\S]*Size: 0/);
    assert.equal((await write({ DEST_PATH: '/etc/cloud/cloud.cfg.d/10_tinkerbell.cfg' })).state, 'SUCCESS');
    assert.deepEqual(disk.debugfs('ls -p /etc/cloud/cloud.cfg.d').match(/\/[^/]*\.(cfg|capt)\//g)?.length, 1);
  });

  it('writes several files at once; what one does not say is as with the first', async () => {
    const more = {
      DEST_PATH_2: '/etc/two',
      CONTENTS_2: 'two',
      MODE_2: '0444',
      DEST_PATH_10: '/etc/ten',
      CONTENTS_10: '',
      UID_10: '7',
    };
    assert.equal((await write(more)).state, 'SUCCESS');
    assert.equal(disk.debugfs('cat /etc/two'), 'two');
    assert.match(disk.debugfs('stat /etc/two'), /Mode: +0444[\s\S]*User: +0 /);
    assert.match(disk.debugfs('stat /etc/ten'), /Mode: +0600[\s\S]*User: +7 [\s\S]*Size: 0/);
  });

  it('writes none of several files when one is described badly', async () => {
    const { message } = await write({
      DEST_PATH_1: 'etc/x',
      CONTENTS_2: 'secret',
      MODE_2: '',
      MODE_100: 'no variable',
    });
    for (const problem of [
      /DEST_PATH_1 is "etc\/x"/,
      /CONTENTS_1 is missing/,
      /DEST_PATH_2 is missing/,
      /MODE_2 is empty/,
    ]) {
      assert.match(message, problem);
    }
    assert.doesNotMatch(message, /secret|MODE_100/);
    assert.doesNotMatch(disk.debugfs('ls -p /'), /etc/);
  });

  it('follows the links of the image inside the image, never into the installer', async () => {
    const inside = await bench.perform('cexec', {
      BLOCK_DEVICE: disk.device,
      FS_TYPE: 'ext4',
      CMD_LINE: 'true',
    });
    assert.equal(inside.state, 'FAILED'); // There is no such program in an empty image.
    disk.edit('symlink /etc /real', 'symlink /up ../../../../../real');
    assert.equal((await write({ DEST_PATH: '/etc/one', MODE: '0600' })).state, 'SUCCESS');
    assert.equal((await write({ DEST_PATH: '/up/two' })).state, 'SUCCESS');
    assert.match(disk.debugfs('ls -p /real'), /\/one\/[\s\S]*\/two\//);
  });

  it('tells all that is wrong with its environment at once', async () => {
    const { state, message } = await bench.perform('writefile', {
      DEST_DISK: 'sda1',
      FS_TYPE: 'ext4; rm',
      DEST_PATH: '/etc/../../x',
      UID: 'root',
      GID: '-1',
      MODE: '999',
      DIRMODE: '',
    });
    assert.equal(state, 'FAILED');
    for (const name of ['DEST_DISK', 'FS_TYPE', 'DEST_PATH', 'CONTENTS', 'UID', 'GID', 'MODE', 'DIRMODE']) {
      assert.match(message, new RegExp(`\\b${name} (is|must)`), name);
    }
  });

  it('says what does not fit: a folder of that name, a file on the way, another file system, a full disk', async () => {
    await write({ DEST_PATH: '/etc/cloud/file' });
    assert.match((await write({ DEST_PATH: '/etc/cloud' })).message, /cannot use \/etc\/cloud on .*it is a folder/);
    assert.match((await write({ DEST_PATH: '/etc/cloud/file/x' })).message, /\/etc\/cloud\/file is no folder/);
    assert.match(
      (await write({ FS_TYPE: 'xfs' })).message,
      /cannot mount \/dev\/loop\d+ as xfs: .*\[ACTION_MOUNT_FAILED\]/,
    );
    const full = await write({ DEST_PATH: '/etc/big', CONTENTS: 'x'.repeat(20_000_000) });
    assert.match(full.message, /cannot use \/etc\/big on .*ENOSPC/);
    assert.doesNotMatch(disk.debugfs('ls -p /etc'), /big/);
  });
});
