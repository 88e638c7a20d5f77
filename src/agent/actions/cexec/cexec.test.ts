import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ActionBench } from '../../../../test/support/action-bench.ts';
import { LoopDevice } from '../../../../test/support/loop-device.ts';
import { commandsOf } from './commands.ts';

describe('action cexec', function () {
  this.timeout(20_000);
  let disk: LoopDevice;
  let bench: ActionBench;

  beforeEach(() => {
    disk = new LoopDevice(32 * 1024 * 1024);
    disk.run('mkfs.ext4', '-q', '-F');
    disk.edit(...busyboxImage());
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

  const execute = (line: string, more: Record<string, string> = {}) =>
    bench.perform('quay.io/tinkerbell/actions/cexec:latest', {
      BLOCK_DEVICE: disk.device,
      FS_TYPE: 'ext4',
      CHROOT: 'y',
      DEFAULT_INTERPRETER: '/bin/sh -c',
      CMD_LINE: line,
      ...more,
    });

  it('runs the command inside the system on the disk, with its environment, /proc, /dev and /sys', async () => {
    const done = await execute(
      'echo "$GREETING" > /hello; [ -c /dev/null ] && [ -d /proc/1 ] && [ -d /sys/class ] && echo fine',
      {
        GREETING: 'hi there',
      },
    );
    assert.deepEqual([done.state, bench.output], ['SUCCESS', ['fine']]);
    assert.equal(disk.debugfs('cat /hello'), 'hi there\n');
  });

  it('fails with the exit code of the command and never names its arguments', async () => {
    const { state, message } = await execute('echo wrong >&2; exit 5 # hunter2');
    assert.equal(state, 'FAILED');
    assert.match(message, /^\/bin\/sh \(command 1 of 1\) ended with exit code 5: wrong \[ACTION_COMMAND_FAILED\]$/);
  });

  it('issue actions#71: says that a program is for another machine', async () => {
    const alien = 'printf "\\\\177ELF\\\\2\\\\1\\\\1" > /alien; chmod 755 /alien; exec /alien';
    const { state, message } = await execute(alien);
    assert.equal(state, 'FAILED');
    assert.match(message, /alien.*\[ACTION_COMMAND_FAILED\]$/);
  });

  it('without an interpreter runs one command after the other, until one fails', async () => {
    const { message } = await execute('/bin/touch /one; /bin/cat /none ;/bin/touch /two', { DEFAULT_INTERPRETER: '' });
    assert.match(message, /^\/bin\/cat \(command 2 of 3\) ended with exit code 1/);
    assert.match(disk.debugfs('ls -p /'), /\/one\//);
    assert.doesNotMatch(disk.debugfs('ls -p /'), /\/two\//);
  });

  it('lends the name servers of the installer, and gives the image its own file back', async () => {
    const resolv = readFileSync('/etc/resolv.conf', 'utf8');
    await execute('echo own > /etc/resolv.conf');
    await execute('cat /etc/resolv.conf', { UPDATE_RESOLV_CONF: 'true' });
    assert.deepEqual(
      bench.output,
      resolv.split('\n').filter((line) => line !== ''),
    );
    assert.equal(disk.debugfs('cat /etc/resolv.conf'), 'own\n');
  });

  it('lends them to an image whose file is a link to nowhere', async () => {
    await execute(
      'mkdir /run; rm -f /etc/resolv.conf; ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf',
      {
        DEFAULT_INTERPRETER: '/bin/busybox sh -c',
        CMD_LINE: 'busybox mkdir /run; busybox ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf',
      },
    );
    const { state } = await execute('cat /etc/resolv.conf', { UPDATE_RESOLV_CONF: 'true' });
    assert.equal(state, 'SUCCESS');
    assert.ok(bench.output.length > 0);
    assert.doesNotMatch(disk.debugfs('ls -p /run'), /systemd/);
  });

  it('is stopped with all it has started, daemons without a mark too, and the disk is free then', async () => {
    const done = execute('setsid sh -c "exec busybox env -i /bin/sleep 1000" & echo started; wait');
    for (let i = 0; i < 1000 && !bench.output.includes('started'); i++) await new Promise((r) => setTimeout(r, 10));
    bench.stop.abort(new Error('enough'));
    const { state, message } = await done;
    assert.deepEqual([state, message], ['FAILED', 'enough']);
    assert.deepEqual(await bench.leftovers(), []);
    disk.run('e2fsck', '-p', '-f');
  });

  it('runs in the installer without a device', async () => {
    const { state } = await execute('test -e /proc/self/exe && echo here', { BLOCK_DEVICE: '', FS_TYPE: '' });
    assert.deepEqual([state, bench.output], ['SUCCESS', ['here']]);
  });

  it('wants the file system of a device', async () => {
    assert.match((await execute('true', { FS_TYPE: '' })).message, /FS_TYPE is missing/);
  });

  it('cuts commands as the original does', () => {
    assert.deepEqual(commandsOf('a  b; c "d e";;', ''), [
      ['a', 'b'],
      ['c', '"d', 'e"'],
    ]);
    assert.deepEqual(commandsOf('a; b', 'sh -c'), [['sh', '-c', 'a; b']]);
    assert.deepEqual(commandsOf(' ; ', ''), []);
  });
});

/** How `debugfs` makes a small system of the busybox of this machine and its libraries. */
function busyboxImage(): string[] {
  const shell = (script: string) => execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim();
  const busybox = shell('readlink -f "$(command -v busybox)"');
  const libraries = shell(`ldd ${busybox} || true`).match(/\/\S+/g) ?? [];
  const files = [[busybox, '/bin/busybox'], ...libraries.map((path) => [path, path])] as [string, string][];
  const folders = new Set(['/etc', '/proc']);
  for (const [, path] of files) {
    const parts = path.split('/').slice(1, -1);
    for (let i = 1; i <= parts.length; i++) folders.add(`/${parts.slice(0, i).join('/')}`);
  }
  return [
    ...[...folders].map((path) => `mkdir ${path}`),
    ...files.flatMap(([from, to]) => [`write ${shell(`readlink -f ${from}`)} ${to}`, `sif ${to} mode 0100755`]),
    ...['sh', 'cat', 'sleep', 'setsid', 'touch'].map((name) => `symlink /bin/${name} busybox`),
  ];
}
