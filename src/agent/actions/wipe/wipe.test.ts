import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ActionBench } from '../../../../test/support/action-bench.ts';
import { LoopDevice } from '../../../../test/support/loop-device.ts';
import { signatureRanges } from '../../disk/ranges.ts';

const mebibyte = 1024 * 1024;

describe('actions wipe and verify', function () {
  this.timeout(20_000);
  let disk: LoopDevice;
  let bench: ActionBench;

  beforeEach(() => {
    disk = new LoopDevice(32 * mebibyte);
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

  const wipe = (mode: string) => bench.perform('wipe', { DEST_DISK: disk.device, WIPE_MODE: mode });

  function write(offset: number, text: string): void {
    const file = openSync(disk.device, 'r+');
    writeSync(file, text, offset);
    closeSync(file);
  }

  const content = () => {
    execFileSync('blockdev', ['--flushbufs', disk.device]);
    return readFileSync(disk.device);
  };

  it('Quick erases partition tables and signatures, also those inside partitions, and nothing else', async () => {
    execFileSync('sfdisk', ['-q', disk.device], {
      input: 'label: gpt\nstart=8M, size=10M\nstart=18M\n',
      stdio: 'pipe',
    });
    write(18 * mebibyte, 'LABELONE signature of LVM');
    write(14 * mebibyte, 'data');
    assert.deepEqual(await wipe('Quick'), { state: 'SUCCESS', message: `wiped ${disk.device}` });
    assert.equal(disk.run('wipefs', '--noheadings'), '');
    const bytes = content();
    assert.ok(bytes.subarray(0, 4 * mebibyte).every((byte) => byte === 0));
    assert.ok(bytes.subarray(31 * mebibyte).every((byte) => byte === 0));
    assert.equal(bytes.toString('latin1', 14 * mebibyte, 14 * mebibyte + 4), 'data');
    assert.equal(bytes[18 * mebibyte], 0);
  });

  it('Full erases everything', async () => {
    for (let at = 0; at < 32 * mebibyte; at += 3 * mebibyte) write(at, 'data');
    assert.equal((await wipe('full')).state, 'SUCCESS');
    assert.ok(content().every((byte) => byte === 0));
  });

  it('touches nothing while one of the disks is in use', async () => {
    using other = new LoopDevice(8 * mebibyte);
    disk.run('mkfs.ext4', '-q', '-F');
    write(0, 'keep');
    const holder = openSync(other.device, 'r+');
    other.run('mkswap');
    execFileSync('swapon', [other.device]);
    try {
      const { state, message } = await bench.perform('wipe', { DEST_DISK: `${disk.device},${other.device}` });
      assert.equal(state, 'FAILED');
      assert.match(message, /\/dev\/loop\d+ is in use: .*EBUSY.*\[ACTION_DEVICE_BUSY\]/);
    } finally {
      execFileSync('swapoff', [other.device]);
      closeSync(holder);
    }
    assert.equal(content().toString('latin1', 0, 4), 'keep');
  });

  it('stops between two chunks when it is told to', async () => {
    bench.stop.abort(new Error('enough'));
    assert.deepEqual(await wipe('Full'), { state: 'FAILED', message: 'enough' });
  });

  it('says what is wrong with its environment', async () => {
    const { message } = await bench.perform('wipe', { DEST_DISK: '/dev/a, ../b', WIPE_MODE: 'Gently' });
    assert.match(message, /DEST_DISK is "\.\.\/b".*; WIPE_MODE is "Gently", but must be Quick or Full/);
  });

  it('verify compares the digest of the disk or a part of it', async () => {
    write(mebibyte, 'hello');
    const digest = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const verify = (env: Record<string, string>) => bench.perform('verify', { DEST_DISK: disk.device, ...env });
    assert.equal((await verify({ DIGEST: digest(content()).toUpperCase().replace('SHA', 'sha') })).state, 'SUCCESS');
    assert.ok(bench.progress.length > 0);
    const part = { OFFSET_BYTES: String(mebibyte), SIZE_BYTES: '5' };
    assert.equal((await verify({ DIGEST: digest(Buffer.from('hello')), ...part })).state, 'SUCCESS');
    const wrong = await verify({ DIGEST: digest(Buffer.from('other')), ...part });
    assert.match(wrong.message, /in its first 5 bytes from 1048576, not sha256:.*\[ACTION_DIGEST_WRONG\]/);
    const beyond = await verify({ DIGEST: digest(content()), SIZE_BYTES: String(64 * mebibyte) });
    assert.equal(beyond.state, 'FAILED');
    assert.match((await verify({ DIGEST: 'md5:0' })).message, /DIGEST is "md5:0", but must be/);
  });

  it('signatures are at both ends of the disk and of its partitions, each byte once', () => {
    const ranges = signatureRanges(100 * mebibyte, [
      { start: 2 * mebibyte, end: 50 * mebibyte },
      { start: 50 * mebibyte, end: 200 * mebibyte },
    ]);
    assert.deepEqual(
      ranges.map(({ start, end }) => [start / mebibyte, end / mebibyte]),
      [
        [0, 6],
        [49, 54],
        [99, 100],
      ],
    );
    assert.deepEqual(signatureRanges(10, []), [{ start: 0, end: 10 }]);
    assert.deepEqual(signatureRanges(0, []), []);
  });
});
