import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ActionBench } from '../../../../test/support/action-bench.ts';
import { LoopDevice } from '../../../../test/support/loop-device.ts';
import { defaultEntry } from './grub-config.ts';

const grub = `
set default="\${saved_entry}"
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
else
   set default="1"
fi
menuentry 'Firmware' { fwsetup
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux' {
	insmod gzio
	linux	/boot/vmlinuz-1 root=UUID=abc ro  "a b" \\
		console=ttyS0
	initrd	/boot/intel-ucode.img /boot/initrd.img-1
}
submenu 'Advanced' {
	menuentry 'Recovery' {
		linuxefi /boot/vmlinuz-2 root=$root single # single user
		initrdefi /boot/initrd.img-2
	}
}`;

describe('GRUB configuration', () => {
  it('gives the default entry by number, counting what can be started', () => {
    assert.deepEqual(defaultEntry(grub), {
      title: 'Recovery',
      kernel: '/boot/vmlinuz-2',
      commandLine: 'root= single # single user',
      initrds: ['/boot/initrd.img-2'],
    });
    assert.equal(defaultEntry(grub.replace('"1"', '"0"'))?.title, 'Debian GNU/Linux');
    assert.deepEqual(defaultEntry(grub.replace('"1"', '"08"'))?.initrds, [
      '/boot/intel-ucode.img',
      '/boot/initrd.img-1',
    ]);
  });

  it('gives it by title, else the first', () => {
    assert.equal(defaultEntry(grub.replace('"1"', '"Recovery"'))?.kernel, '/boot/vmlinuz-2');
    const first = defaultEntry(grub.replace('"1"', '"no such"'));
    assert.deepEqual([first?.kernel, first?.commandLine], ['/boot/vmlinuz-1', 'root=UUID=abc ro a b console=ttyS0']);
    assert.equal(defaultEntry(grub.replace('"1"', '"99999999999"'))?.kernel, '/boot/vmlinuz-1');
  });

  it('has no entry where there is none', () => {
    for (const text of [
      '',
      '}',
      'menuentry',
      'menuentry x {',
      'menuentry x {\n}',
      'linux /x',
      '"',
      "'",
      '\\',
      '${',
      'set =',
    ]) {
      assert.equal(defaultEntry(text), undefined, text);
    }
  });
});

describe('action kexec', function () {
  this.timeout(20_000);
  let disk: LoopDevice;
  let bench: ActionBench;
  let programs: string;

  beforeEach(() => {
    disk = new LoopDevice(16 * 1024 * 1024);
    disk.run('mkfs.ext4', '-q', '-F');
    programs = mkdtempSync(join(tmpdir(), 'capt-kexec-'));
    writeFileSync(
      join(programs, 'kexec'),
      `#!/bin/sh
for arg; do printf '%s\\n' "$arg"; done > ${programs}/arguments
cat "$2" > ${programs}/kernel
for arg; do case "$arg" in --initrd=*) cat "\${arg#--initrd=}" > ${programs}/initrd;; esac; done`,
    );
    chmodSync(join(programs, 'kexec'), 0o755);
    for (const [name, text] of Object.entries({ grub, kernel: 'KERNEL', first: 'FIRST', second: 'SECOND' })) {
      writeFileSync(join(programs, `in-${name}`), text);
    }
    disk.edit(
      'mkdir /boot',
      `mkdir /boot/grub`,
      `write ${programs}/in-grub /boot/grub/grub.cfg`,
      `write ${programs}/in-kernel /boot/vmlinuz-1`,
      `write ${programs}/in-first /boot/intel-ucode.img`,
      `write ${programs}/in-second /boot/initrd.img-1`,
      `symlink /vmlinuz boot/vmlinuz-1`,
    );
    bench = new ActionBench({ path: programs });
  });

  afterEach(async () => {
    try {
      assert.deepEqual(await bench.leftovers(), []);
    } finally {
      bench[Symbol.dispose]();
      disk[Symbol.dispose]();
      rmSync(programs, { recursive: true });
    }
  });

  const load = (image: string, more: Record<string, string> = {}) =>
    bench.perform(image, { BLOCK_DEVICE: disk.device, FS_TYPE: 'ext4', ...more });
  const given = (name: string) => readFileSync(join(programs, name), 'utf8');

  it('loads what it is given, and starts it only after the success', async () => {
    const outcome = await load('kexec', {
      KERNEL_PATH: '/vmlinuz',
      INITRD_PATH: '/boot/initrd.img-1',
      CMD_LINE: 'root=x quiet',
    });
    assert.deepEqual(outcome, { state: 'SUCCESS', message: 'loaded /vmlinuz, starting it', finale: { how: 'kexec' } });
    assert.deepEqual([given('kernel'), given('initrd')], ['KERNEL', 'SECOND']);
    assert.match(given('arguments'), /^-l\n.*\n--command-line=root=x quiet\n/);
  });

  it('takes what GRUB would start, and joins several initial file systems', async () => {
    const { finale } = await load('kexec', { GRUBCFG_PATH: 'boot/grub/grub.cfg' });
    assert.equal(finale, undefined); // The default entry has a kernel that is not there.
    writeFileSync(join(programs, 'in-grub'), grub.replace('"1"', '"0"'));
    disk.edit('rm /boot/grub/grub.cfg', `write ${programs}/in-grub /boot/grub/grub.cfg`);
    assert.equal((await load('kexec')).state, 'SUCCESS');
    assert.deepEqual([given('kernel'), given('initrd')], ['KERNEL', 'FIRSTSECOND']);
  });

  it('says what is missing', async () => {
    assert.match(
      (await load('kexec', { GRUBCFG_PATH: '/none' })).message,
      /what to boot in \/none on .*ENOENT.*\[ACTION_NO_BOOT_ENTRY\]/,
    );
    rmSync(join(programs, 'kexec'));
    bench[Symbol.dispose]();
    bench = new ActionBench({ path: programs });
    writeFileSync(join(programs, 'kexec'), '#!/bin/sh\necho cannot load >&2; exit 255');
    chmodSync(join(programs, 'kexec'), 0o755);
    assert.match(
      (await load('kexec', { KERNEL_PATH: '/vmlinuz' })).message,
      /kexec -l \/vmlinuz ended with exit code 255: cannot load/,
    );
  });

  it('A10 waitdaemon: runs it at once, so that its failure is known, and starts the kernel after WAIT_SECONDS', async () => {
    const environment = { IMAGE: 'quay.io/tinkerbell/actions/kexec:latest', WAIT_SECONDS: '7' };
    assert.deepEqual((await load('waitdaemon', { ...environment, KERNEL_PATH: '/vmlinuz' })).finale, {
      how: 'kexec',
      delaySeconds: 7,
    });
    assert.equal((await load('waitdaemon', { ...environment, KERNEL_PATH: '/none' })).state, 'FAILED');
    assert.match((await load('waitdaemon', { ...environment, KERNEL_PATH: 'x' })).message, /KERNEL_PATH is "x"/);
    assert.match((await load('waitdaemon', { IMAGE: 'waitdaemon' })).message, /ACTION_UNKNOWN/);
    assert.deepEqual((await load('waitdaemon', { IMAGE: 'reboot' })).finale, { how: 'reboot', delaySeconds: 10 });
  });
});
