import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { chooseModules, type KernelModule, loadOrder, modulesAlias, modulesDep, readModule } from './modules.ts';

const module = (path: string, depends: string[] = [], aliases: string[] = []): KernelModule => ({
  name: path.slice(path.lastIndexOf('/') + 1, -3),
  path,
  depends,
  aliases,
  firmware: [],
});

const net = module('kernel/net/virtio_net.ko', ['failover_net', 'virtio_ring'], ['virtio:d00000001v*']);
const failover = module('kernel/net/failover_net.ko', ['failover']);
const top = module('kernel/core/failover.ko');
const ring = module('kernel/virtio/virtio_ring.ko', ['virtio', 'built_in']);
const virtio = module('kernel/virtio/virtio.ko');
const sound = module('kernel/sound/snd.ko');
const all = [net, failover, top, ring, virtio, sound];

const paths = (wanted: string[]) => chooseModules(all, wanted).chosen.map(({ name }) => name);

describe('choosing kernel modules', () => {
  it('takes a name with all that it needs, whatever way the name is written', () => {
    const needed = ['failover', 'failover_net', 'virtio_net', 'virtio', 'virtio_ring'];
    assert.deepEqual(paths(['virtio_net']), needed);
    assert.deepEqual(paths(['virtio-net']), needed);
  });

  it('takes folders, and leaves out what is said to be left out, in the order of the lines', () => {
    assert.deepEqual(paths(['kernel/']), ['failover', 'failover_net', 'virtio_net', 'snd', 'virtio', 'virtio_ring']);
    assert.deepEqual(paths(['kernel/', '!kernel/net/']), ['failover', 'snd', 'virtio', 'virtio_ring']);
    assert.deepEqual(paths(['!snd', 'kernel/sound/']), ['snd']);
    assert.deepEqual(paths(['kernel/virtio/virtio_*']), ['virtio', 'virtio_ring']);
  });

  it('takes what is left out when another needs it', () => {
    assert.ok(paths(['kernel/', '!failover']).includes('failover'));
  });

  it('tells every line that names nothing, but for those that need not', () => {
    const { chosen, unknown } = chooseModules(all, ['nothing', 'kernel/none/', '?maybe', '!never', 'snd']);
    assert.deepEqual(unknown, ['nothing', 'kernel/none/']);
    const leftOut = (...lines: string[]) => chooseModules(all, ['nothing', 'kernel/none/', ...lines]).unknown;
    assert.deepEqual(leftOut('!nothing'), ['kernel/none/']);
    assert.deepEqual(leftOut('!kernel/'), ['nothing']);
    assert.deepEqual(leftOut('!*', 'later'), ['later']);
    assert.deepEqual(chosen, [sound]);
  });
});

describe('the files that modprobe reads', () => {
  it('lists what comes before a module, the last first', () => {
    const lines = modulesDep([net, failover, top, ring, virtio]).split('\n');
    const [path, ...before] = lines[0]?.split(' ') ?? [];
    assert.equal(path, `${net.path}:`);
    assert.deepEqual(before.toSorted(), [failover, top, ring, virtio].map((each) => each.path).toSorted());
    assert.ok(before.indexOf(failover.path) < before.indexOf(top.path));
    assert.ok(before.indexOf(ring.path) < before.indexOf(virtio.path));
    assert.equal(lines[4], `${virtio.path}:`);
  });

  it('does not mind modules that need each other', () => {
    const left = module('kernel/left.ko', ['right']);
    const right = module('kernel/right.ko', ['left']);
    assert.equal(modulesDep([left, right]), 'kernel/left.ko: kernel/right.ko\nkernel/right.ko: kernel/left.ko\n');
  });

  it('orders modules to load one by one, each once and behind what it needs', () => {
    const [low, left, right] = [
      module('kernel/low.ko'),
      module('kernel/left.ko', ['low']),
      module('kernel/right.ko', ['low', 'left']),
    ];
    assert.deepEqual(loadOrder([right, left, low], ['right', 'left', 'built_in']), [
      'kernel/low.ko',
      'kernel/left.ko',
      'kernel/right.ko',
    ]);
  });

  it('tells which module is for which device', () => {
    assert.equal(modulesAlias([net, top]), 'alias virtio:d00000001v* virtio_net\n');
  });
});

describe('what a module says about itself', () => {
  it('is read from its section', () => {
    const info = [
      'alias=pci:v00008086d*',
      'alias=pci:v00008087d*',
      'depends=mdio,lib-crc',
      'softdep=pre: crc32c zlib post: other',
      'firmware=e100/ucode.bin',
    ];
    assert.deepEqual(readModule('kernel/e-100.ko', elfWith('.modinfo', `${info.join('\0')}\0`)), {
      name: 'e_100',
      path: 'kernel/e-100.ko',
      depends: ['mdio', 'lib_crc', 'crc32c', 'zlib'],
      aliases: ['pci:v00008086d*', 'pci:v00008087d*'],
      firmware: ['e100/ucode.bin'],
    });
  });

  it('is nothing for a file that is no module', () => {
    assert.deepEqual(readModule('kernel/x.ko', Buffer.from('text')).depends, []);
  });
});

/** The smallest ELF file with one section of that name besides the one that holds the names. */
function elfWith(name: string, content: string): Buffer {
  const names = `\0${name}\0.shstrtab\0`;
  const file = Buffer.alloc(64 + names.length + content.length + 2 * 64);
  const table = 64 + names.length + content.length;
  file.writeUInt32BE(0x7f454c46, 0);
  file.set([2, 1, 1], 4);
  file.writeBigUInt64LE(BigInt(table), 40);
  file.writeUInt16LE(64, 58);
  file.writeUInt16LE(2, 60);
  file.write(names, 64, 'latin1');
  file.write(content, 64 + names.length, 'latin1');
  const section = (index: number, nameAt: number, offset: number, size: number) => {
    file.writeUInt32LE(nameAt, table + index * 64);
    file.writeBigUInt64LE(BigInt(offset), table + index * 64 + 24);
    file.writeBigUInt64LE(BigInt(size), table + index * 64 + 32);
  };
  section(0, name.length + 2, 64, names.length);
  section(1, 1, 64 + names.length, content.length);
  return file;
}
