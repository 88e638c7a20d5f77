import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { after, afterEach, before, describe, it } from 'mocha';
import type { ActionContext } from '../../src/agent/actions/action.ts';
import { checkedEnvironment } from '../../src/agent/actions/environment.ts';
import { image2disk } from '../../src/agent/actions/image2disk/image2disk.ts';
import { Processes } from '../../src/agent/process/processes.ts';
import { FaultServer } from '../../src/agent/streaming/fault-server.ts';
import { sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { systemClock } from '../../src/api/time/clock.ts';
import { eventually } from '../faults/eventually.ts';
import { LoopDevice } from '../support/loop-device.ts';
import { skipBecause } from '../support/reporter.ts';

const diskBytes = 64 << 20;
const image = sampleImage(32 << 20);
const compressed = zstdCompressSync(image);

/** image2disk on block devices of the kernel: what a file cannot show (exclusive use, discard, partitions). */
describe('image2disk on a loop device', () => {
  let loop: LoopDevice;
  let disk = '';
  let server: FaultServer | undefined;

  before(function () {
    if (spawnSync('losetup', ['--find']).status !== 0) {
      skipBecause(this, 'no loop device can be set up (not root, or the kernel has none)');
    }
    loop = new LoopDevice(diskBytes);
    disk = loop.device;
    // What was there before: nowhere zero.
    execFileSync('sh', ['-c', `tr '\\0' '\\356' </dev/zero | head -c ${diskBytes} >${disk}`]);
  });

  afterEach(() => server?.stop());

  after(() => loop?.[Symbol.dispose]());

  async function run(env: Record<string, string>, log: string[] = []) {
    const { signal } = new AbortController();
    const processes = new Processes({
      mark: randomUUID(),
      signal,
      clock: systemClock,
      proc: '/proc',
      env: process.env,
      log: (line) => log.push(line),
    });
    const context: Partial<ActionContext> = {
      env: checkedEnvironment(image2disk, { IMG_URL: server?.url ?? '', DEST_DISK: disk, ...env }),
      args: [],
      signal,
      clock: systemClock,
      paths: { sys: '/sys', proc: '/proc', dev: '/dev', run: loop.folder },
      log: (line) => log.push(line),
      progress: () => {},
      run: processes.run.bind(processes),
      start: processes.start.bind(processes),
    };
    return await image2disk.run(context as ActionContext);
  }

  function onDisk(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    const fd = openSync(disk, 'r');
    readSync(fd, bytes, 0, length, 0);
    closeSync(fd);
    return bytes;
  }

  it('writes, verifies, skips zeros where the device makes them by itself, and shows the partitions', async () => {
    server = await FaultServer.start(compressed);
    const log: string[] = [];
    const { message } = await run({ VERIFY: 'true', COMPRESSED: 'true' }, log);
    assert.equal(Buffer.compare(onDisk(image.length), image), 0);
    assert.match(message ?? '', /wrote 33554432 bytes \(zst, [1-9]\d+ of them zeros/);
    // Some kernels are built without GUID partition tables; then the log says what is missing.
    const isSaid = log.some((line) => line.includes(`does not take ${disk}p1 for a partition`));
    assert.equal(statSync(`${disk}p1`, { throwIfNoEntry: false })?.isBlockDevice() ?? false, !isSaid);
  });

  it('writes zeros where it is told not to skip them', async () => {
    server = await FaultServer.start(compressed);
    const { message } = await run({ SKIP_ZEROS: 'false' });
    assert.equal(Buffer.compare(onDisk(image.length), image), 0);
    assert.match(message ?? '', /\(zst, 0 of them/);
  });

  it('issue actions#139: leaves nothing to boot when the image is cut', async () => {
    server = await FaultServer.start(compressed.subarray(0, compressed.length - 1000));
    await assert.rejects(run({}), { code: 'IMAGE_CORRUPT' });
    assert.ok(onDisk(1 << 20).every((byte) => byte === 0));
    const end = readFileSync(loop.file).subarray(diskBytes - (1 << 20));
    assert.ok(end.every((byte) => byte === 0));
  });

  it('leaves nothing to boot when it is killed in the middle, and writes all of it the next time', async function () {
    this.timeout(120_000);
    server = await FaultServer.start(compressed, [{ end: { kind: 'stall', at: compressed.length - 4096 } }]);
    const env = { IMG_URL: server.url, DEST_DISK: disk, SKIP_ZEROS: 'false' };
    const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    // A session of its own: what it has started dies with it, as with a machine that loses its power.
    const args = [main, 'action', 'run', 'image2disk', ...given];
    const child = spawn(process.execPath, args, { stdio: 'ignore', detached: true });
    const ended = once(child, 'exit');
    const middle = image.subarray(8 << 20, 9 << 20);
    try {
      await eventually(() => assert.equal(Buffer.compare(onDisk(9 << 20).subarray(8 << 20), middle), 0), 90);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    assert.ok(onDisk(1 << 20).every((byte) => byte === 0));
    await run({});
    assert.equal(Buffer.compare(onDisk(image.length), image), 0);
  });

  it('refuses an image that is bigger than the disk, before the disk is touched', async () => {
    server = await FaultServer.start(Buffer.alloc(diskBytes + 512, 1));
    const before = onDisk(4096);
    await assert.rejects(run({}), { code: 'IMAGE_TOO_BIG' });
    assert.deepEqual(onDisk(4096), before);
  });

  it('refuses a disk that is mounted, and one that is read-only', async () => {
    execFileSync('mkfs.ext4', ['-q', '-F', disk]);
    const mountPoint = mkdtempSync(join(loop.folder, 'mnt-'));
    execFileSync('mount', [disk, mountPoint]);
    server = await FaultServer.start(compressed);
    try {
      await assert.rejects(run({}), { code: 'DISK_REFUSED', message: /in use/ });
    } finally {
      execFileSync('umount', [mountPoint]);
    }
    execFileSync('blockdev', ['--setro', disk]);
    try {
      await assert.rejects(run({}), { code: 'DISK_REFUSED', message: /read-only/ });
    } finally {
      execFileSync('blockdev', ['--setrw', disk]);
    }
  });

  it('refuses a device that is not there, and does not create it', async () => {
    server = await FaultServer.start(compressed);
    await assert.rejects(run({ DEST_DISK: '/dev/nothing' }), { code: 'DISK_NOT_FOUND' });
    assert.throws(() => statSync('/dev/nothing'), { code: 'ENOENT' });
  });
});
