import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeHardwareCache, type FakeHardwareOptions, fakeHardware } from '../hardware/fake-hardware.ts';
import { BootFiles } from './boot-files.ts';
import { BootPrograms, readBootPrograms } from './boot-programs.ts';
import { embeddedScriptSlotBytes, patchEmbeddedScript } from './embedded-script.ts';
import { fakeProgram } from './fake-programs.ts';
import { Scripts } from './scripts.ts';

const known = '192.0.2.11';
const stranger = '192.0.2.99';
const trace = '-00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const slot = `#a8b7e61f1075c37a793f2f92cee89f7bba00c4a8d7842ce3d40b5889032d8881
#ddd16a4fc4926ecefdfb6941e33c44ed3647133638f5e84021ea44d3152e7f97`;

function filesFor(options: FakeHardwareOptions = {}): BootFiles {
  const { index: hardware } = new FakeHardwareCache(fakeHardware(options));
  const program = { format: 'EFI x86-64', modifiedMs: 0, sha256: '' } as const;
  const programs = new BootPrograms('/programs', [{ ...program, name: 'ipxe.efi', content: Buffer.from('program') }]);
  return new BootFiles({ hardware, programs, scriptUrl: 'http://192.0.2.1:7080/ipxe/script/auto.ipxe' });
}

const found = (files: BootFiles, path: string, address = known) => files.find(path, address)?.toString();

describe('BootFiles', () => {
  for (const path of [
    'ipxe.efi',
    '/ipxe.efi',
    '02:00:5e:00:53:01/ipxe.efi',
    '02-00-5E-00-53-01/ipxe.efi',
    '0200.5e00.5301/ipxe.efi',
    'any/folder/ipxe.efi',
    `ipxe.efi${trace}`,
    `02:00:5e:00:53:01/ipxe.efi${trace}`,
    `ipxe.efi${trace}garbage`,
  ]) {
    it(`finds a program as ${path}`, () => assert.equal(found(filesFor(), path), 'program'));
  }

  for (const path of [
    '',
    '/',
    'ipxe.efi/x',
    'IPXE.EFI',
    'ipxe',
    '../ipxe.efi/..',
    'ipxe.efi-00-1',
    '__proto__',
    'a\0',
  ]) {
    it(`finds nothing as ${JSON.stringify(path)}`, () => assert.equal(found(filesFor(), path), undefined));
  }

  it('9.1 M: gives no program to a machine that may not boot over the network, by address or path', () => {
    const files = filesFor({ netboot: { allowPXE: false } });
    assert.equal(found(files, 'ipxe.efi'), undefined);
    assert.equal(found(files, '02:00:5e:00:53:01/ipxe.efi', stranger), undefined);
    assert.equal(found(files, 'autoexec.ipxe'), undefined);
    assert.equal(found(files, 'ipxe.efi', stranger), 'program');
  });

  it('serves PXELINUX configuration by hardware address, in either case', () => {
    const netboot = { pxelinux: { config: 'DEFAULT x' } };
    assert.equal(found(filesFor({ netboot }), 'pxelinux.cfg/01-02-00-5E-00-53-01', stranger), 'DEFAULT x');
    assert.equal(found(filesFor({ netboot }), 'pxelinux.cfg/01-02-00-5e-00-53-02'), undefined);
    assert.equal(found(filesFor({ netboot }), 'x/pxelinux.cfg/01-02-00-5e-00-53-01'), undefined);
    assert.equal(
      found(filesFor({ netboot: { allowPXE: false, ...netboot } }), 'pxelinux.cfg/01-02-00-5e-00-53-01'),
      undefined,
    );
  });

  it('tinkerbell#951: serves a Raspberry Pi its texts by serial number, only while it may boot', () => {
    const netboot = { rpi: { serialNum: 'a1b2', configTxt: 'arm_64bit=1' }, osie: { kernelParams: ['a', 'b=c'] } };
    assert.equal(found(filesFor({ netboot }), 'a1b2/config.txt'), 'arm_64bit=1');
    assert.equal(found(filesFor({ netboot }), 'a1b2/cmdline.txt'), 'a b=c');
    assert.equal(found(filesFor({ netboot }), 'a1b2/config.txt', stranger), undefined);
    assert.equal(found(filesFor({ netboot }), 'a1b3/config.txt'), undefined);
    assert.equal(found(filesFor({ netboot: { ...netboot, allowPXE: false } }), 'a1b2/config.txt'), undefined);
  });

  it('tinkerbell#424: serves autoexec.ipxe, which chains to the script', () => {
    assert.match(
      found(filesFor(), 'autoexec.ipxe') ?? '',
      /^#!ipxe\n(?:.*\n)*chain --autofree http:\/\/192\.0\.2\.1:7080\//,
    );
  });
});

describe('readBootPrograms', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'programs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (name: string, content: Buffer) => writeFileSync(join(folder, name), content);

  it('reads what is there, says what is not, and leaves out other files', () => {
    put('ipxe.efi', fakeProgram(0x8664));
    put('undionly.kpxe', Buffer.alloc(70_000, 1));
    put('README', Buffer.from('x'));
    const programs = readBootPrograms({ folder });
    assert.deepEqual(programs.names, ['ipxe.efi', 'undionly.kpxe']);
    assert.equal(programs.get('ipxe.efi')?.format, 'EFI x86-64');
    assert.deepEqual(programs.missing, [
      `there is no snp-arm64.efi in ${folder}: ARM64 UEFI machines cannot boot from here`,
    ]);
    assert.equal(programs.sayTinkerbell, false);
  });

  it('knows programs that call themselves Tinkerbell', () => {
    put('ipxe.efi', fakeProgram(0x8664, Buffer.from('\x4d\x0aTinkerbell', 'latin1')));
    assert.equal(readBootPrograms({ folder }).sayTinkerbell, true);
  });

  it('tells everything that is wrong at once', () => {
    put('ipxe.efi', fakeProgram(0xaa64));
    put('snp-arm64.efi', Buffer.from('<!DOCTYPE html>'));
    put('undionly.kpxe', Buffer.from('<!DOCTYPE html>'.padEnd(9000)));
    assert.throws(() => readBootPrograms({ folder }), {
      code: 'BOOT_PROGRAMS_INVALID',
      message:
        `boot programs in ${folder} cannot be served: ipxe.efi is for EFI ARM64, it must be for EFI x86-64; ` +
        'snp-arm64.efi is no EFI program; undionly.kpxe is no BIOS program',
    });
  });

  it('says how to get programs when there are none', () => {
    assert.throws(() => readBootPrograms({ folder }), { code: 'BOOT_PROGRAMS_MISSING', hint: /Debian package ipxe/ });
    assert.throws(() => readBootPrograms({ folder: join(folder, 'none') }), { code: 'BOOT_PROGRAMS_MISSING' });
  });

  it('patches the script that programs have built in, once, and refuses what does not fit', () => {
    const program = fakeProgram(0x8664, Buffer.from(slot));
    put('ipxe.efi', program);
    const patched = readBootPrograms({ folder, embeddedScriptPatch: 'set a 1' }).get('ipxe.efi')?.content;
    assert.equal(patched?.length, program.length);
    assert.ok(patched?.includes(`set a 1${' '.repeat(embeddedScriptSlotBytes - 7)}`));
    const tooLong = 'x'.repeat(embeddedScriptSlotBytes + 1);
    assert.throws(() => readBootPrograms({ folder, embeddedScriptPatch: tooLong }), {
      code: 'EMBEDDED_SCRIPT_TOO_LONG',
    });
    const without = fakeProgram(0x8664);
    assert.equal(patchEmbeddedScript(without, 'x'), without);
  });
});

describe('Scripts', () => {
  const settings = { osieUrl: 'http://192.0.2.1', grpcAuthority: '192.0.2.1:42113' };
  const make = (cache: FakeHardwareCache, unknownMachines = false) =>
    new Scripts({ hardware: cache.index, settings, unknownMachines });

  it('finds the machine by the address in the path, else by that of the client', () => {
    const scripts = make(new FakeHardwareCache(fakeHardware()));
    for (const path of ['02:00:5e:00:53:01/auto.ipxe', 'a/b/02-00-5E-00-53-01/auto.ipxe', '02005e005301/auto.ipxe']) {
      assert.equal(scripts.answer(path, stranger).status, 200, path);
    }
    for (const path of ['auto.ipxe', 'x/auto.ipxe']) {
      assert.equal(scripts.answer(path, known).status, 200, path);
      assert.equal(scripts.answer(path, stranger).status, 404, path);
    }
    assert.equal(scripts.answer('02:00:5e:00:53:01/other.ipxe', known).status, 404);
  });

  it('follows changes of the Hardware', () => {
    const cache = new FakeHardwareCache(fakeHardware());
    const scripts = make(cache);
    assert.equal(scripts.answer('auto.ipxe', known), scripts.answer('auto.ipxe', known), 'it is rendered once');
    cache.put(fakeHardware({ netboot: { allowPXE: false } }));
    assert.equal(scripts.answer('auto.ipxe', known).status, 404);
  });

  it('gives unknown machines a script when it may, but never one that is known and may not boot', () => {
    const cache = new FakeHardwareCache(fakeHardware({ netboot: { allowPXE: false } }));
    const scripts = make(cache, true);
    assert.match(scripts.answer('02:00:5e:00:53:77/auto.ipxe', stranger).text, /set worker_id \$\{mac\}/);
    assert.equal(scripts.answer('auto.ipxe', known).status, 404);
  });

  it('9.1 L: an unknown machine, one that may not boot and an address that two claim are told apart', () => {
    const cache = new FakeHardwareCache(fakeHardware({ netboot: { allowPXE: false } }));
    const scripts = make(cache);
    assert.match(scripts.answer('auto.ipxe', stranger).reason ?? '', /no Hardware has this address/);
    assert.match(scripts.answer('auto.ipxe', known).reason ?? '', /default\/node-1 may not boot/);
    cache.put(fakeHardware({ name: 'other' }));
    assert.match(scripts.answer('auto.ipxe', known).reason ?? '', /in Hardware default\/node-1 and default\/other/);
  });

  it('says what is wrong with a URL that is none', () => {
    const cache = new FakeHardwareCache(fakeHardware({ netboot: { ipxe: { url: 'tftp://a' } } }));
    assert.equal(make(cache).answer('auto.ipxe', known).status, 500);
  });
});
