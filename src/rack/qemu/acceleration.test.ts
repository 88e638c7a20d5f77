import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  /** With a program in place of QEMU, and a file in place of /dev/kvm. */
  function options(body: string): ProbeOptions & { clock: FakeClock } {
    const program = join(directory, 'qemu');
    const device = join(directory, 'kvm');
    writeFileSync(program, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
    writeFileSync(device, '');
    return { environment: { PATH: '/usr/bin:/bin' }, program, device, timeoutMs: 1000, clock: new FakeClock() };
  }

  it('is KVM when firmware has got as far as booting with it', async () => {
    const choice = await provenAcceleration(options('echo "SeaBIOS"; echo "Booting from Hard Disk..."; exec sleep 60'));
    assert.equal(choice.acceleration, 'kvm');
  });

  it('is emulation when QEMU hangs with KVM', async () => {
    const hanging = options('echo "SeaBIOS"; exec sleep 60');
    const choice = provenAcceleration(hanging);
    while (hanging.clock.pending === 0) await new Promise(setImmediate);
    await hanging.clock.advance(1000);
    assert.deepEqual(await choice, {
      acceleration: 'tcg',
      reason: 'KVM does not work here: firmware did not start within 1 s',
    });
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
