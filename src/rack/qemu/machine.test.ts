import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { waitUntil } from '../../bootstrap/process/wait-until.ts';
import type { MediumLoader } from './cd-drive.ts';
import { writeFakeQemu } from './fake-qemu.ts';
import { QemuMachine } from './machine.ts';

describe('a machine in QEMU, with a program that only acts as QEMU', () => {
  let directory: string;
  let machine: QemuMachine;
  let load: MediumLoader;

  const make = (name = 'node-1') =>
    new QemuMachine({
      spec: {
        name,
        uuid: '00000000-0000-8000-8000-02005e005301',
        memoryMib: 64,
        processors: 1,
        firmware: { kind: 'bios' },
        disks: [{ file: '/disk.img', format: 'raw' }],
        nics: [{ mac: '02:00:5e:00:53:01', tap: 'tap0' }],
        serialFiles: [],
      },
      directory,
      acceleration: 'tcg',
      environment: { PATH: '/usr/bin:/bin' },
      program: writeFakeQemu(directory),
      load: (...args) => load(...args),
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'capt-qemu-'));
    load = async (url, file) => writeFileSync(file, url);
    machine = make();
  });
  afterEach(async () => {
    await machine[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  const linesOf = <T>(file: string): T[] =>
    existsSync(join(directory, file))
      ? readFileSync(join(directory, file), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as T)
      : [];
  /** What each boot so far tried first: the device with the lowest number. */
  const boots = () =>
    linesOf<string[]>('boots').map((line) => line.find((word) => word.includes('bootindex=0'))?.split(',')[0]);
  const heard = () => linesOf<[string, object]>('heard');
  const eventually = async (condition: () => boolean) =>
    assert.ok(await waitUntil(condition, { timeoutMs: 20_000 }), machine.history.join('\n'));

  it('is on while its process lives, and takes commands in their order', async () => {
    assert.equal(machine.powerState(), 'off');
    machine.power('on');
    machine.power('on');
    await machine.settled();
    assert.equal(machine.powerState(), 'on');
    assert.equal(boots().length, 1);
    machine.power('off');
    machine.power('on');
    machine.power('off');
    await machine.settled();
    assert.equal(machine.powerState(), 'off');
    for (const action of ['reset', 'cycle', 'soft', 'off'] as const) machine.power(action);
    await machine.settled();
    assert.equal(machine.powerState(), 'off');
  });

  it('uses an override for one boot up, whatever way the next one comes', async () => {
    machine.setBootOverride({ device: 'pxe', efiBoot: false, persistent: false });
    assert.deepEqual(machine.bootOverride(), { active: true, device: 'pxe', efiBoot: false, persistent: false });
    machine.power('on');
    await machine.settled();
    assert.deepEqual(machine.bootOverride(), { active: false });
    machine.power('reset');
    machine.power('cycle');
    await machine.settled();
    assert.deepEqual(boots(), ['virtio-net-pci', 'virtio-blk-pci', 'virtio-blk-pci']);
  });

  it('keeps an override that is for good, through a restart by the guest too', async () => {
    machine.setBootOverride({ device: 'cdrom', efiBoot: false, persistent: true });
    machine.power('on');
    machine.nmi();
    await eventually(() => boots().length === 2);
    assert.equal(machine.powerState(), 'on');
    assert.deepEqual(boots(), ['ide-cd', 'ide-cd']);
    machine.setBootOverride(undefined);
    machine.power('reset');
    await machine.settled();
    assert.equal(boots().at(-1), 'virtio-blk-pci');
  });

  it('is off when the guest has switched it off', async () => {
    machine.power('on');
    machine.power('soft');
    await machine.settled();
    await eventually(() => machine.powerState() === 'off');
    assert.equal(machine.history.at(-1), 'switches itself off');
  });

  it('is off, and says so, when QEMU does not start', async () => {
    await machine[Symbol.asyncDispose]();
    machine = make('broken');
    machine.power('on');
    await eventually(() => machine.powerState() === 'off' && machine.history.length > 2);
    assert.ok(
      machine.history.some((line) => /QEMU ended with exit code 1/.test(line)),
      machine.history.join('\n'),
    );
  });

  it('boots with the medium that is in its drive, once that is there', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    load = () => promise;
    machine.setMedium('http://192.0.2.1/a.iso');
    assert.equal(machine.medium(), 'http://192.0.2.1/a.iso');
    machine.power('on');
    resolve();
    await machine.settled();
    assert.ok(linesOf<string[]>('boots')[0]?.some((word) => word.endsWith(`file=${directory}/medium-1.iso`)));
  });

  it('gets media while it runs, and removes what was taken out', async () => {
    machine.power('on');
    await machine.settled();
    machine.setMedium('http://192.0.2.1/a.iso');
    await eventually(() => heard().length === 1);
    const first = join(directory, 'medium-1.iso');
    assert.deepEqual(heard()[0], ['blockdev-change-medium', { id: 'cd', filename: first, format: 'raw', force: true }]);
    assert.equal(readFileSync(first, 'utf8'), 'http://192.0.2.1/a.iso');
    machine.setMedium(undefined);
    await eventually(() => heard().length === 2);
    assert.deepEqual(heard()[1], ['eject', { id: 'cd', force: true }]);
    assert.equal(existsSync(first), false);
  });

  it('has an empty drive when the medium cannot be had, and boots all the same', async () => {
    load = () => Promise.reject(new Error('404'));
    machine.setMedium('http://192.0.2.1/none.iso');
    machine.power('on');
    await machine.settled();
    assert.equal(machine.medium(), undefined);
    assert.equal(boots().length, 1);
    assert.ok(machine.history.includes('http://192.0.2.1/none.iso cannot be put into the drive: 404'));
  });

  it('can be switched off while it waits for a medium', async () => {
    load = (_url, _file, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    machine.setMedium('http://192.0.2.1/slow.iso');
    machine.power('on');
    await eventually(() => machine.powerState() === 'on');
    machine.power('off');
    await machine.settled();
    assert.equal(machine.powerState(), 'off');
    assert.deepEqual(boots(), []);
  });

  it('does nothing any more once it is disposed of', async () => {
    machine.power('on');
    await machine[Symbol.asyncDispose]();
    machine.power('on');
    machine.setMedium('http://192.0.2.1/a.iso');
    await machine.settled();
    assert.equal(machine.powerState(), 'off');
    assert.equal(machine.medium(), undefined);
  });
});
