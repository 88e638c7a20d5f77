import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type BootPlan, qemuArguments } from './arguments.ts';
import type { QemuMachineSpec } from './machine-spec.ts';

const spec: QemuMachineSpec = {
  name: 'node-1',
  uuid: '00000000-0000-8000-8000-02005e005301',
  memoryMib: 768,
  processors: 2,
  firmware: { kind: 'bios' },
  disks: [
    { file: '/rack/a,b.img', format: 'raw', serialNumber: 'D1' },
    { file: '/rack/two.qcow2', format: 'qcow2' },
  ],
  nics: [
    { mac: '02:00:5e:00:53:01', tap: 'tap0' },
    { mac: '02:00:5e:00:53:02', tap: 'tap1', model: 'e1000e', optionRom: false },
  ],
  serialFiles: ['/rack/ttyS0.log', '/rack/ttyS1.log'],
};

const lineOf = (more: Partial<QemuMachineSpec> = {}, plan: Partial<BootPlan> = {}) =>
  qemuArguments({ ...spec, ...more }, { acceleration: 'tcg', sources: ['disk', 'cdrom', 'pxe'], ...plan });
/** The values of an option, in order. */
const valuesOf = (line: string[], option: string) => line.filter((_, index) => line[index - 1] === option);

describe('the command line of QEMU', () => {
  it('has what the machine is made of', () => {
    const line = lineOf();
    assert.deepEqual(valuesOf(line, '-m'), ['768M']);
    assert.deepEqual(valuesOf(line, '-smp'), ['2']);
    assert.deepEqual(valuesOf(line, '-uuid'), [spec.uuid]);
    assert.deepEqual(valuesOf(line, '-netdev'), [
      'tap,id=net0,ifname=tap0,script=no,downscript=no',
      'tap,id=net1,ifname=tap1,script=no,downscript=no',
    ]);
    assert.deepEqual(valuesOf(line, '-serial'), ['chardev:serial0', 'chardev:serial1']);
    assert.deepEqual(valuesOf(line, '-chardev'), [
      'stdio,id=qmp,signal=off',
      'file,id=serial0,append=on,path=/rack/ttyS0.log',
      'file,id=serial1,append=on,path=/rack/ttyS1.log',
    ]);
  });

  it('doubles commas in paths, which would begin another option', () => {
    const [first] = valuesOf(lineOf(), '-drive');
    assert.equal(first, 'if=none,id=disk0,format=raw,cache=unsafe,discard=unmap,file=/rack/a,,b.img');
    const injected = valuesOf(lineOf({}, { cdrom: '/rack/x,readonly=off' }), '-drive')[2];
    assert.equal(injected, 'if=none,id=cd0,media=cdrom,readonly=on,format=raw,file=/rack/x,,readonly=off');
  });

  it('gives every device a place of its own in the boot order', () => {
    assert.deepEqual(valuesOf(lineOf(), '-device').slice(1), [
      'virtio-blk-pci,drive=disk0,serial=D1,bootindex=0',
      'virtio-blk-pci,drive=disk1,bootindex=1',
      'ide-cd,id=cd,drive=cd0,bootindex=100',
      'virtio-net-pci,netdev=net0,mac=02:00:5e:00:53:01,bootindex=200',
      'e1000e,netdev=net1,mac=02:00:5e:00:53:02,romfile=,bootindex=201',
    ]);
    const pxeOnly = valuesOf(lineOf({}, { sources: ['pxe'] }), '-device');
    assert.deepEqual(
      pxeOnly.filter((device) => device.includes('bootindex')),
      [
        'virtio-net-pci,netdev=net0,mac=02:00:5e:00:53:01,bootindex=0',
        'e1000e,netdev=net1,mac=02:00:5e:00:53:02,romfile=,bootindex=1',
      ],
    );
  });

  it('has UEFI in flash, its code read-only', () => {
    const line = lineOf({ firmware: { kind: 'uefi', code: '/ovmf/code.fd', variables: '/rack/vars.fd' } });
    assert.deepEqual(valuesOf(line, '-drive').slice(0, 2), [
      'if=pflash,unit=0,format=raw,readonly=on,file=/ovmf/code.fd',
      'if=pflash,unit=1,format=raw,file=/rack/vars.fd',
    ]);
  });

  it('uses KVM only when told so, and never falls back by itself', () => {
    assert.deepEqual(valuesOf(lineOf(), '-accel'), ['tcg,thread=multi,tb-size=1024']);
    assert.match(valuesOf(lineOf(), '-cpu')[0] ?? '', /^max,.*erms=off,fsrm=off$/);
    const line = lineOf({}, { acceleration: 'kvm' });
    assert.deepEqual(valuesOf(line, '-accel'), ['kvm']);
    assert.deepEqual(valuesOf(line, '-cpu'), ['host']);
  });

  it('ends at a restart, so that the next boot can have another order', () => {
    assert.ok(lineOf().includes('-no-reboot'));
    assert.deepEqual(valuesOf(lineOf({}, { retryMs: 100 }), '-boot'), ['strict=on,reboot-timeout=100']);
  });
});
