import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ActionBench } from '../../../../test/support/action-bench.ts';
import { LoopDevice } from '../../../../test/support/loop-device.ts';
import { parsePartitionTable } from '../../disk/partition-table.ts';

const mebibyte = 1024 * 1024;

describe('action rootio', function () {
  this.timeout(20_000);
  let disk: LoopDevice;
  let bench: ActionBench;
  let file: string;

  beforeEach(() => {
    disk = new LoopDevice(64 * mebibyte);
    bench = new ActionBench();
    file = join(disk.folder, 'layout.json');
  });

  afterEach(async () => {
    try {
      assert.deepEqual(await bench.leftovers(), []);
    } finally {
      bench[Symbol.dispose]();
      disk[Symbol.dispose]();
    }
  });

  async function rootio(command: string, storage: unknown, more: Record<string, string> = {}) {
    writeFileSync(file, JSON.stringify({ metadata: { instance: { storage } } }));
    return await bench.perform('quay.io/tinkerbell/actions/rootio:latest', { TEST: '1', JSON_FILE: file, ...more }, [
      command,
    ]);
  }

  const partitions = [
    { label: 'BIOS', number: 1, size: 4096 },
    { label: 'SWAP', number: 2, size: 8192 },
    { label: 'ROOT', number: 3, size: 0 },
  ];
  const layout = (wipeTable = true) => ({ disks: [{ device: disk.device, wipe_table: wipeTable, partitions }] });
  const table = () => parsePartitionTable(disk.run('sfdisk', '--json'));
  const mark = (offset: number, text: string): void => {
    const handle = openSync(disk.device, 'r+');
    writeSync(handle, text, offset);
    closeSync(handle);
  };

  it('partition writes a GPT with names and types, over an old table too, and has nothing to do the second time', async () => {
    execFileSync('sfdisk', ['-q', disk.device], { input: 'label: dos\nstart=2048\n', stdio: 'pipe' });
    mark(mebibyte, 'old file system');
    const done = await rootio('partition', layout());
    assert.deepEqual(done, { state: 'SUCCESS', message: `partitioned ${disk.device}` });
    assert.equal(table()?.label, 'gpt');
    assert.deepEqual(
      table()?.partitions.map(({ number, start, size, name }) => [number, start, size, name]),
      [
        [1, 2048, 4096, 'BIOS'],
        [2, 6144, 8192, 'SWAP'],
        [3, 14_336, 114_688, 'ROOT'],
      ],
    );
    execFileSync('blockdev', ['--flushbufs', disk.device]);
    assert.ok(
      readFileSync(disk.device)
        .subarray(mebibyte, 2 * mebibyte)
        .every((byte) => byte === 0),
    );
    assert.match(disk.run('sfdisk', '--verify'), /No errors detected/);
    assert.equal((await rootio('partition', layout(false))).message, 'all disks are partitioned already');
  });

  it('partition writes an MBR when MBR is set', async () => {
    const disks = [
      {
        device: disk.device,
        partitions: [
          { label: 'EFI_ACTIVE', number: 1, size: 2048 },
          { number: 2, size: 0 },
        ],
      },
    ];
    assert.equal((await rootio('partition', { disks }, { MBR: 'y' })).state, 'SUCCESS');
    const found = table();
    assert.equal(found?.label, 'dos');
    assert.deepEqual(
      found?.partitions.map(({ type, active }) => [type, active]),
      [
        ['ef', true],
        ['83', false],
      ],
    );
  });

  it('partition leaves an old table alone without wipe_table', async () => {
    execFileSync('sfdisk', ['-q', disk.device], { input: 'label: gpt\nstart=2048\n', stdio: 'pipe' });
    const before = table();
    const { state, message } = await rootio('partition', layout(false));
    assert.equal(state, 'FAILED');
    assert.match(message, /has a partition table, and its wipe_table is not true \[ACTION_LAYOUT_INVALID\]/);
    assert.deepEqual(table(), before);
  });

  it('touches no disk when another does not fit, is missing in the layout or is in use', async () => {
    using other = new LoopDevice(8 * mebibyte);
    mark(0, 'keep');
    const kept = () => assert.equal(readFileSync(disk.device).toString('latin1', 0, 4), 'keep');
    const both = (more: unknown[]) => ({
      disks: [...layout().disks, { device: other.device, wipe_table: true, partitions: more }],
    });
    const small = await rootio('partition', both([{ number: 1, size: 1_000_000 }]));
    assert.match(small.message, /partition 1 does not fit/);
    kept();
    other.run('mkswap');
    execFileSync('swapon', [other.device]);
    try {
      for (const command of ['partition', 'wipe']) {
        assert.match((await rootio(command, both([]))).message, /is in use: .*\[ACTION_DEVICE_BUSY\]/);
        kept();
      }
    } finally {
      execFileSync('swapoff', [other.device]);
    }
  });

  it('format makes file systems with their options, and mount proves that they can be mounted', async () => {
    using swap = new LoopDevice(8 * mebibyte);
    using home = new LoopDevice(8 * mebibyte);
    const filesystems = [
      { mount: { device: home.device, format: 'ext3', point: '/srv/home' } },
      { mount: { device: disk.device, format: 'ext4', point: '/', create: { options: ['-L', 'ROOT'] } } },
      { mount: { device: swap.device, format: 'swap', point: 'none' } },
    ];
    // What was there before must not make a program ask.
    disk.run('mkfs.ext4', '-q', '-F');
    assert.equal((await rootio('format', { filesystems })).state, 'SUCCESS');
    assert.equal(disk.run('blkid', '-p', '-s', 'LABEL', '-o', 'value').trim(), 'ROOT');
    assert.equal(swap.run('blkid', '-p', '-s', 'TYPE', '-o', 'value').trim(), 'swap');
    const mounted = await rootio('mount', { filesystems });
    assert.equal(mounted.message, 'mounted 2 file systems, and unmounted them again');
    assert.match(disk.debugfs('stat /srv/home'), /Type: directory/);
    assert.equal((await rootio('mount', { filesystems: filesystems.slice(0, 1) })).state, 'SUCCESS');
    const wrong = [{ mount: { device: disk.device, format: 'vfat', point: '/' } }];
    assert.match((await rootio('mount', { filesystems: wrong })).message, /\[ACTION_MOUNT_FAILED\]/);
  });

  it('format touches nothing when a program does not run', async () => {
    using other = new LoopDevice(mebibyte);
    disk.run('mkfs.ext4', '-q', '-F', '-L', 'KEEP');
    const filesystems = [
      { mount: { device: disk.device, format: 'ext4', point: '/' } },
      { mount: { device: other.device, format: 'xfs', point: '/data' } },
    ];
    writeFileSync(join(disk.folder, 'mkfs.xfs'), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
    bench[Symbol.dispose]();
    bench = new ActionBench({ path: disk.folder });
    assert.match((await rootio('format', { filesystems })).message, /mkfs\.xfs -V ended with exit code 127/);
    assert.equal(disk.run('blkid', '-p', '-s', 'LABEL', '-o', 'value').trim(), 'KEEP');
  });

  it('wipe erases the disks with wipe_table, and says when there is none', async () => {
    disk.run('mkfs.ext4', '-q', '-F');
    assert.match((await rootio('wipe', layout(false))).message, /none of its disks has wipe_table: true/);
    assert.notEqual(disk.run('wipefs', '--noheadings'), '');
    assert.equal((await rootio('wipe', layout())).state, 'SUCCESS');
    assert.equal(disk.run('wipefs', '--noheadings'), '');
  });

  it('tells what is wrong with command and environment; version needs none', async () => {
    assert.equal((await bench.perform('rootio', {}, ['version'])).state, 'SUCCESS');
    const { message } = await bench.perform('rootio', {}, ['partition', 'all']);
    assert.match(message, /its command is "partition all", but must be .*; MIRROR_HOST is missing/);
    assert.match((await bench.perform('rootio', { TEST: '1' }, ['wipe'])).message, /JSON_FILE is missing/);
    const bad = await bench.perform('rootio', { MIRROR_HOST: 'a/b', METADATA_SERVICE_PORT: '0' }, ['wipe']);
    assert.match(bad.message, /MIRROR_HOST is "a\/b".*METADATA_SERVICE_PORT is "0"/);
  });

  describe('with a metadata service', () => {
    let server: Server;
    let answers: { status: number; body: string }[];

    beforeEach(async () => {
      answers = [];
      server = createServer((request, response) => {
        const { status, body } = answers.shift() ?? { status: 404, body: '' };
        response.writeHead(request.url === '/metadata' ? status : 400).end(body);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
    });

    afterEach(() => void server.close());

    const ask = (command: string) =>
      bench.perform(
        'rootio',
        { MIRROR_HOST: '127.0.0.1', METADATA_SERVICE_PORT: String((server.address() as AddressInfo).port) },
        [command],
      );

    it('issue actions#70: takes the layout from it, also when it had trouble at first', async () => {
      const body = JSON.stringify({ metadata: { instance: { storage: { ...layout(), filesystems: null } } } });
      answers.push({ status: 503, body: '' }, { status: 200, body });
      assert.deepEqual(await ask('partition'), { state: 'SUCCESS', message: `partitioned ${disk.device}` });
    });

    it('fails when it has no Hardware for this machine, or talks nonsense', async () => {
      assert.match((await ask('wipe')).message, /\/metadata: it answered 404 \[ACTION_METADATA_UNUSABLE\]/);
      answers.push({ status: 200, body: '<html>' }, { status: 200, body: 'x'.repeat(2_000_000) });
      assert.match((await ask('wipe')).message, /JSON.*\[ACTION_METADATA_UNUSABLE\]/);
    });
  });
});
