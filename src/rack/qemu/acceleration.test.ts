import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { type ProbeOptions, provenAcceleration } from './acceleration.ts';

describe('the choice of acceleration', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'capt-kvm-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** With a program in place of QEMU, and files in place of /dev/kvm and a kernel. */
  function options(body: string): ProbeOptions & { clock: FakeClock } {
    const program = join(directory, 'qemu');
    const device = join(directory, 'kvm');
    writeFileSync(program, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
    writeFileSync(device, '');
    writeFileSync(join(directory, 'vmlinuz-1'), '');
    return {
      environment: { PATH: '/usr/bin:/bin' },
      program,
      device,
      kernels: [join(directory, 'none/*'), join(directory, 'vmlinuz-*')],
      firstWordTimeoutMs: 1000,
      bootTimeoutMs: 5000,
      clock: new FakeClock(),
    };
  }

  it('is KVM when a kernel has booted with it, as far as it can', async () => {
    const booting = 'echo "Linux version 6"; echo "---[ end Kernel panic - not syncing: VFS ]---"; exec sleep 60';
    assert.equal((await provenAcceleration(options(booting))).acceleration, 'kvm');
  });

  it('is emulation when only firmware runs with KVM', async () => {
    const hanging = options('echo "Booting from ROM..."; exec sleep 60');
    const choice = provenAcceleration(hanging);
    while (hanging.clock.pending === 0) await new Promise(setImmediate);
    await hanging.clock.advance(1000);
    assert.deepEqual(await choice, {
      acceleration: 'tcg',
      reason: 'KVM does not work here: a Linux kernel said nothing within 1 s',
    });
  });

  it('is remembered, and made again when the device is another or what was remembered is damaged', async () => {
    const { clock: _, ...all } = options(`echo tried >> ${join(directory, 'tries')}`);
    const device = join(directory, 'kvm');
    const remembering = { ...all, memory: join(directory, 'cache', 'acceleration.json') };
    const tries = () => readFileSync(join(directory, 'tries'), 'utf8').split('\n').length - 1;
    const first = await provenAcceleration(remembering);
    assert.match(first.reason, /QEMU ended at once/);
    assert.deepEqual(await provenAcceleration(remembering), first);
    assert.equal(tries(), 1);
    renameSync(device, join(directory, 'before'));
    writeFileSync(device, '');
    await provenAcceleration(remembering);
    assert.equal(tries(), 2);
    for (const damage of ['', 'null', '[]', '{"situation": 5}']) {
      writeFileSync(remembering.memory, damage);
      assert.deepEqual(await provenAcceleration(remembering), first);
    }
    assert.equal(tries(), 6);
  });

  it('is emulation when the kernel hangs on its way', async () => {
    const hanging = options('echo "Linux version 6"; exec sleep 60');
    const delays: number[] = [];
    const after = hanging.clock.after.bind(hanging.clock);
    hanging.clock.after = (delayMs, callback) => {
      delays.push(delayMs);
      return after(delayMs, callback);
    };
    const choice = provenAcceleration(hanging);
    while (delays.length < 2) await new Promise(setImmediate);
    await hanging.clock.advance(5000);
    assert.match((await choice).reason, /did not get to its end within 5 s/);
  });

  it('is emulation where there is no kernel to try it with', async () => {
    const choice = await provenAcceleration({ ...options('exit 1'), kernels: [join(directory, 'none*')] });
    assert.deepEqual(choice, { acceleration: 'tcg', reason: 'there is no kernel to try KVM with' });
  });

  it('is emulation when QEMU refuses KVM, or is not there', async () => {
    const refusing = await provenAcceleration(options('exit 1'));
    assert.match(refusing.reason, /QEMU ended at once \(exit code 1\)/);
    const missing = await provenAcceleration({ ...options(''), program: join(directory, 'none') });
    assert.match(missing.reason, /ENOENT/);
    assert.equal(missing.acceleration, 'tcg');
  });

  it('is emulation without a trial where there is no KVM', async () => {
    const choice = await provenAcceleration({ ...options('exit 1'), device: join(directory, 'none') });
    assert.deepEqual(choice, { acceleration: 'tcg', reason: `${join(directory, 'none')} is not there for us` });
  });
});
