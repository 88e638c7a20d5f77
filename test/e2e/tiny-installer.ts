import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { writeCpio } from '../../src/bootstrap/installer/cpio.ts';
import type { TreeEntry } from '../../src/bootstrap/installer/tree.ts';
import { kernelPackage, unpackedPackage } from '../support/debian-package.ts';

/** A network card of QEMU, from the bus up: each after those that it needs. */
const modules = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_pci_modern_dev.ko',
  'drivers/virtio/virtio_pci_legacy_dev.ko',
  'drivers/virtio/virtio_pci.ko',
  'net/core/failover.ko',
  'drivers/net/net_failover.ko',
  'drivers/net/virtio_net.ko',
];

/** Run by udhcpc when it has a lease. */
const leaseScript = `#!/bin/busybox sh
[ "$1" = bound ] || exit 0
/bin/busybox ip address add "$ip/$mask" dev "$interface"
`;

/** All that this installer does: it gets an address, asks who it is, tells that, and switches the machine off. */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
for module in ${modules.map((path) => basename(path)).join(' ')}; do insmod /modules/$module; done
firmware=BIOS
[ -d /sys/firmware/efi ] && firmware=UEFI
for word in $(cat /proc/cmdline); do
  case $word in
    syslog_host=*) server=\${word#*=} ;;
    worker_id=*) worker=\${word#*=} ;;
  esac
done
ip link set lo up
ip link set eth0 up
udhcpc -i eth0 -n -q -t 20 -T 2 -s /lease
id=$(wget -q -O - http://$server:7080/2009-04-04/meta-data/instance-id)
report="e2e firmware=$firmware worker=$worker instance-id=$id"
echo "$report"
syslogd -R $server:514 -L
for attempt in 1 2 3; do logger -t e2e "$report"; sleep 1; done
poweroff -f
`;

/** What is missing to make the installer of these tests; `undefined` when nothing is. */
export async function installerMissing(): Promise<string | undefined> {
  if (process.arch !== 'x64') return 'the installer of this test is for x86-64';
  const found = await kernelPackage().catch(() => undefined);
  return found === undefined
    ? 'apt-get knows no package linux-image-cloud-amd64 (it may want apt-get update)'
    : undefined;
}

/**
 * A folder with `vmlinuz-x86_64` and `initramfs-x86_64`: Debian's kernel and a busybox. The installer itself is booted by
 * other tests; this one takes a tenth of its time on each of several machines, and asks for metadata. Packages are
 * downloaded once and kept in the cache folder.
 */
export async function tinyInstaller(cacheDirectory: string, target: string): Promise<void> {
  const [kernel, busybox] = await Promise.all([
    unpackedPackage(cacheDirectory, await kernelPackage()),
    unpackedPackage(cacheDirectory, 'busybox-static'),
  ]);
  const [image] = (await readdir(join(kernel, 'boot'))).filter((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`there is no kernel in ${kernel}`);
  await mkdir(target, { recursive: true });
  await copyFile(join(kernel, 'boot', image), join(target, 'vmlinuz-x86_64'));
  const modulesFolder = join(kernel, 'lib/modules', image.slice('vmlinuz-'.length), 'kernel');
  const file = async (data: Buffer | string | Promise<Buffer>, executable = false): Promise<TreeEntry> => ({
    kind: 'file',
    data: Buffer.from(await data),
    executable,
  });
  const tree = new Map<string, TreeEntry>([
    ...['dev', 'proc', 'sys'].map((path): [string, TreeEntry] => [path, { kind: 'folder' }]),
    ['init', await file(init, true)],
    ['lease', await file(leaseScript, true)],
    ['bin/busybox', await file(readFile(join(busybox, 'bin/busybox')), true)],
  ]);
  for (const path of modules) tree.set(`modules/${basename(path)}`, await file(readFile(join(modulesFolder, path))));
  await writeFile(join(target, 'initramfs-x86_64'), await promisify(gzip)(writeCpio(tree)));
}
