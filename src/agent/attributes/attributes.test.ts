import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { readAttributes } from './attributes.ts';
import { sizeText } from './files.ts';

describe('attributes of the machine', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'capt-attributes-'));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function files(texts: Record<string, string | Buffer>): void {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  function link(path: string, target: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }

  const read = () =>
    readAttributes({ sys: join(root, 'sys'), proc: join(root, 'proc') }, join(root, 'pci.ids'), join(root, 'ethtool'));

  it('counts processors by package, cores and threads', async () => {
    const cpu = (number: number) =>
      `processor\t: ${number}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon: a model\nflags\t\t: fpu vme\n\n`;
    files({ 'proc/cpuinfo': [0, 1, 2, 3].map(cpu).join('') });
    for (const [index, [socket, core]] of [
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 1],
    ].entries()) {
      files({
        [`sys/devices/system/cpu/cpu${index}/topology/physical_package_id`]: `${socket}\n`,
        [`sys/devices/system/cpu/cpu${index}/topology/core_id`]: `${core}\n`,
      });
    }
    const common = { vendor: 'GenuineIntel', model: 'Xeon: a model', capabilities: ['fpu', 'vme'] };
    assert.deepEqual((await read()).cpu, {
      totalCores: 3,
      totalThreads: 4,
      processors: [
        { id: 0, cores: 1, threads: 2, ...common },
        { id: 1, cores: 2, threads: 2, ...common },
      ],
    });
  });

  it('tells memory in the largest unit, built in and usable', async () => {
    files({ 'proc/meminfo': 'MemTotal:       16000000 kB\nMemFree: 1 kB\n' });
    assert.deepEqual((await read()).memory, { total: '16GB', usable: '16GB' });
    files({ 'sys/devices/system/memory/block_size_bytes': '80000000\n' });
    for (let i = 0; i < 16; i++) files({ [`sys/devices/system/memory/memory${i}/state`]: 'online\n' });
    assert.deepEqual((await read()).memory, { total: '32GB', usable: '16GB' });
  });

  it('issue tb#321: lists disks, and neither loop, RAM, network nor mapped devices', async () => {
    for (const name of ['loop0', 'ram0', 'nbd0', 'dm-0', 'md0', 'zram0', 'mmcblk0boot0'])
      files({ [`sys/block/${name}/size`]: '8\n' });
    files({
      'sys/block/sda/size': '7814037168\n',
      'sys/block/sda/queue/rotational': '1\n',
      'sys/block/sda/queue/physical_block_size': '4096\n',
      'sys/block/sda/device/vendor': 'ATA     \n',
      'sys/block/sda/device/model': 'WDC WD40EFRX\n',
      'sys/block/sda/device/wwid': 'naa.50014ee2b5\n',
      'sys/block/sda/device/vpd_pg80': Buffer.from('\x00\x80\x00\x0c   WD-WCC4E1\x00', 'latin1'),
      'sys/block/nvme0n1/size': '1000215216\n',
      'sys/block/nvme0n1/wwid': 'eui.0025385\n',
      'sys/block/nvme0n1/device/model': 'Samsung SSD\n',
      'sys/block/nvme0n1/device/serial': 'S4EWNX0\n',
      'sys/block/vda/size': '0\n',
    });
    const { block } = await read();
    assert.deepEqual(block, [
      {
        name: 'nvme0n1',
        controllerType: 'NVMe',
        driveType: 'SSD',
        size: '477GB',
        physicalBlockSize: '',
        vendor: '',
        model: 'Samsung SSD',
        wwn: 'eui.0025385',
        serialNumber: 'S4EWNX0',
      },
      {
        name: 'sda',
        controllerType: 'SCSI',
        driveType: 'HDD',
        size: '4TB',
        physicalBlockSize: '4KB',
        vendor: 'ATA',
        model: 'WDC WD40EFRX',
        wwn: 'naa.50014ee2b5',
        serialNumber: 'WD-WCC4E1',
      },
      {
        name: 'vda',
        controllerType: 'virtio',
        driveType: 'virtual',
        size: '',
        physicalBlockSize: '',
        vendor: '',
        model: '',
        wwn: '',
        serialNumber: '',
      },
    ]);
  });

  it('lists network cards and their features, not what is made in software', async () => {
    files({ ethtool: '#!/bin/sh\n[ "$2" = eth0 ] && printf "Features for eth0:\\nrx-checksumming: on\\n"\n' });
    chmodSync(join(root, 'ethtool'), 0o755);
    files({
      'sys/class/net/eth0/address': '02:00:00:00:00:01\n',
      'sys/class/net/eth0/speed': '10000\n',
      'sys/class/net/eth1/address': '02:00:00:00:00:02\n',
      'sys/class/net/eth1/speed': '-1\n',
      'sys/class/net/lo/address': '00:00:00:00:00:00\n',
    });
    link('sys/class/net/eth0/device', '../../../0000:01:00.0');
    link('sys/class/net/eth1/device', '../../../0000:01:00.1');
    assert.deepEqual((await read()).network, [
      { name: 'eth0', mac: '02:00:00:00:00:01', speed: '10000Mb/s', enabledCapabilities: ['rx-checksumming'] },
      { name: 'eth1', mac: '02:00:00:00:00:02', speed: '', enabledCapabilities: [] },
    ]);
  });

  it('lists PCI devices with their drivers, and graphics among them', async () => {
    for (const [name, vendor, device, code] of [
      ['0000:00:02.0', '0x10de', '0x20b0', '0x030200'],
      ['0000:01:00.0', '0x8086', '0x1533', '0x020000'],
      ['0000:02:00.0', '0x1af4', '0x1000', '0xff0000'],
    ]) {
      files({
        [`sys/bus/pci/devices/${name}/vendor`]: `${vendor}\n`,
        [`sys/bus/pci/devices/${name}/device`]: `${device}\n`,
        [`sys/bus/pci/devices/${name}/class`]: `${code}\n`,
      });
    }
    link('sys/bus/pci/devices/0000:01:00.0/driver', '../../../../bus/pci/drivers/igb');
    files({ 'pci.ids': '8086  Intel Corporation\n\t1533  I210\n' });
    const { pci, gpu } = await read();
    const graphics = { vendor: '10de', product: '20b0', class: 'Display controller', driver: '' };
    assert.deepEqual(gpu, [graphics]);
    assert.deepEqual(pci, [
      graphics,
      { vendor: 'Intel Corporation', product: 'I210', class: 'Network controller', driver: 'igb' },
      { vendor: '1af4', product: '1000', class: 'ff0000', driver: '' },
    ]);
  });

  it('names machine and firmware, by device tree where there is no SMBIOS', async () => {
    files({ 'proc/device-tree/model': 'Raspberry Pi 4\0', 'proc/device-tree/serial-number': '1000\0' });
    assert.deepEqual((await read()).product, { name: 'Raspberry Pi 4', vendor: '', serialNumber: '1000' });
    const dmi = {
      bios_vendor: 'B',
      bios_version: '1',
      bios_date: '01/02/2026',
      sys_vendor: 'V',
      product_name: 'P',
      product_serial: 'S',
    };
    for (const [name, text] of Object.entries(dmi)) files({ [`sys/class/dmi/id/${name}`]: `${text}\n` });
    const { product, bios } = await read();
    assert.deepEqual(
      [product, bios],
      [
        { name: 'P', vendor: 'V', serialNumber: 'S' },
        { vendor: 'B', version: '1', releaseDate: '01/02/2026' },
      ],
    );
  });

  it('leaves out what cannot be read', async () => {
    const { cpu, memory, block, network, pci, gpu } = await read();
    assert.deepEqual([cpu, memory, block, network, pci, gpu], [undefined, undefined, [], [], [], []]);
  });

  it('writes sizes as the original: rounded up, largest unit of 1024', () => {
    const sizes: [number, string][] = [
      [0, ''],
      [Number.NaN, ''],
      [1, '1B'],
      [512, '512B'],
      [1023, '1023B'],
      [1024, '1KB'],
      [1025, '2KB'],
      [2 ** 40, '1TB'],
      [2 ** 63, '8EB'],
    ];
    for (const [bytes, text] of sizes) assert.equal(sizeText(bytes), text);
  });
});
