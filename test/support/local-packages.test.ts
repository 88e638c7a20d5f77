import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { runCommand } from '../../src/bootstrap/process/command.ts';

const script = fileURLToPath(new URL('../../bootstrap/packages.sh', import.meta.url));

describe('bootstrap/packages.sh', () => {
  let bin: string;
  /** Puts a command on the PATH of the script, which holds nothing else. */
  const put = (name: string, body: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const run = (...args: string[]) =>
    runCommand('/bin/sh', [script, ...args], {
      environment: { PATH: bin, ADMIN_PROGRAMS: bin, PYTHON_PACKAGES: bin, IPXE_PROGRAMS: bin, OVMF: bin, GRUB: bin },
    });
  const calls = () => readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'capt-packages-'));
    put('apt-get', `echo "$@" >> '${bin}/calls'`);
    put('id', 'echo 0');
    put('ipmitool', 'exit 0');
    put('ipmi_sim', 'exit 0');
    put('redfishtool', 'exit 0');
    put('busybox', 'exit 0');
    put('perfdhcp', 'exit 0');
    for (const client of ['ip', 'tftp', 'atftp', 'curl']) put(client, 'exit 0');
    for (const decoder of ['zstd', 'xz', 'bzip2', 'unsquashfs']) put(decoder, 'exit 0');
    writeFileSync(join(bin, 'undionly.kpxe'), '');
    mkdirSync(join(bin, 'sushy'));
    writeFileSync(join(bin, 'sushy', '__init__.py'), '');
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  it('is silent when there is a Go that is new enough', async () => {
    put('go', 'echo go version go1.99.1 linux/amd64');
    assert.deepEqual((await run()).tail, []);
  });

  it('wants QEMU and what belongs to it only for tests', async () => {
    put('go', 'echo go version go1.99.1 linux/amd64');
    assert.equal((await run('test')).exitCode, 0);
    assert.deepEqual(calls(), [
      '-q update',
      '-q install -y --no-install-recommends qemu-system-x86 ipxe-qemu ovmf radvd',
    ]);
    put('qemu-system-x86_64', 'exit 0');
    put('radvd', 'exit 0');
    writeFileSync(join(bin, 'OVMF_VARS_4M.fd'), '');
    assert.deepEqual((await run('test')).tail, []);
  });

  it('wants what makes images, Flatcar’s too, for make e2e', async () => {
    put('go', 'echo go version go1.99.1 linux/amd64');
    put('qemu-system-x86_64', 'exit 0');
    put('radvd', 'exit 0');
    writeFileSync(join(bin, 'OVMF_VARS_4M.fd'), '');
    assert.equal((await run('e2e')).exitCode, 0);
    // Each once, also what several images are made with.
    const tools = 'btrfs-progs dosfstools mtools grub-common grub-efi-amd64-bin mmdebstrap e2fsprogs grub-pc-bin';
    assert.deepEqual(calls(), ['-q update', `-q install -y --no-install-recommends ${tools}`]);
    for (const tool of ['mkfs.btrfs', 'mkfs.vfat', 'mkfs.ext4', 'mcopy', 'mmdebstrap']) put(tool, 'exit 0');
    for (const tool of ['grub-mkstandalone', 'grub-mkimage']) put(tool, 'exit 0');
    for (const folder of ['x86_64-efi', 'i386-pc']) mkdirSync(join(bin, folder));
    assert.deepEqual((await run('e2e')).tail, []);
  });

  it('wants what makes an OS image only for the quick start, which goes without', async () => {
    put('go', 'echo go version go1.99.1 linux/amd64');
    put('qemu-system-x86_64', 'exit 0');
    writeFileSync(join(bin, 'OVMF_VARS_4M.fd'), '');
    put('id', 'echo 1000');
    const { exitCode, tail } = await run('quickstart');
    assert.equal(exitCode, 0);
    assert.match(
      tail.join('\n'),
      /machines will be simulated.* radvd mmdebstrap e2fsprogs dosfstools mtools grub-common/,
    );
    for (const tool of ['radvd', 'mmdebstrap', 'mkfs.ext4', 'mkfs.vfat', 'mcopy', 'grub-mkimage']) put(tool, 'exit 0');
    mkdirSync(join(bin, 'i386-pc'));
    mkdirSync(join(bin, 'x86_64-efi'));
    assert.deepEqual((await run('quickstart')).tail, []);
  });

  it('is silent when there is a Python that can fetch one', async () => {
    put('python3', 'exit 0');
    assert.deepEqual((await run()).tail, []);
  });

  it('installs Python as root when Go is too old, and says why', async () => {
    put('go', 'echo go version go1.19.8 linux/amd64');
    const { exitCode, stdout } = await run();
    assert.equal(exitCode, 0);
    assert.match(stdout.join('\n'), /python3 python3-venv\n {2}- there is no Go 1\.\d+ or newer/);
    assert.deepEqual(calls(), ['-q update', '-q install -y --no-install-recommends python3 python3-venv']);
  });

  it('tells anybody else the exact command', async () => {
    put('id', 'echo 1000');
    const { exitCode, tail } = await run();
    assert.equal(exitCode, 1);
    assert.match(
      tail.join('\n'),
      /sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3 python3-venv'/,
    );
  });

  it('installs what only some tests use along, and stops nobody who cannot', async () => {
    put('go', 'echo go version go1.99.1 linux/amd64');
    rmSync(join(bin, 'ipmitool'));
    const asRoot = await run();
    assert.equal(asRoot.exitCode, 0);
    assert.match(asRoot.stdout.join('\n'), /ipmitool\n {2}- tests drive our virtual BMC/);
    assert.deepEqual(calls(), ['-q update', '-q install -y --no-install-recommends ipmitool']);
    put('id', 'echo 1000');
    const asAnybody = await run();
    assert.equal(asAnybody.exitCode, 0);
    assert.match(asAnybody.tail.join('\n'), /some tests will be skipped, because .* missing: ipmitool/);
    put('id', 'echo 0');
    put('apt-get', 'exit 100');
    const offline = await run();
    assert.equal(offline.exitCode, 0);
    assert.match(offline.tail.join('\n'), /that failed; some tests will be skipped/);
  });

  it('names the packages where there is no apt-get', async () => {
    rmSync(join(bin, 'apt-get'));
    const { exitCode, tail } = await run();
    assert.equal(exitCode, 1);
    assert.match(tail.join('\n'), /no apt-get to install them with: python3 python3-venv/);
  });
});
