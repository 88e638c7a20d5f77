import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { writeCpio } from '../../src/bootstrap/installer/cpio.ts';
import type { TreeEntry } from '../../src/bootstrap/installer/tree.ts';
import { kernelPackage, unpackedPackage } from '../support/debian-package.ts';

const run = promisify(execFile);

const wantedModules = ['virtio_pci', 'virtio_blk', 'virtio_net', 'ext4', 'crc32c_generic'];

/** Without the first two, emulated machines find their clock too slow and change to one that is slower. */
export const kernelArguments = 'tsc=reliable mitigations=off quiet console=ttyS1,115200';

/** Run by udhcpc when it has a lease. */
const leaseScript = `#!/bin/busybox sh
[ "$1" = bound ] || exit 0
/bin/busybox ip address add "$ip/$mask" dev "$interface"
[ -z "$router" ] || /bin/busybox ip route add default via "$router"
`;

/**
 * What a first boot does here: it finds on its disk where the metadata service is, as cloud-init does, asks who it is,
 * and tells what it got by syslog and on the console. What it got stays on the disk.
 */
const firstBoot = `
mount -t ext4 /dev/vda1 /disk || echo "small-os: there is no file system"
datasource=$(cat /disk/etc/cloud/ds-identify.cfg)
url=$(sed -n 's/^ *- \\(http.*\\)/\\1/p' /disk/etc/cloud/cloud.cfg.d/10_tinkerbell.cfg | head -n 1)
network
id=$(wget -q -O - $url/2009-04-04/meta-data/instance-id)
name=$(wget -q -O - $url/2009-04-04/meta-data/hostname)
wget -q -O /user-data $url/2009-04-04/user-data
sum=$(sha256sum /user-data | cut -d ' ' -f 1)
report="small-os: first boot of $name: instance-id=$id user-data=$sum $datasource"
echo "$report" >>/disk/first-boot
umount /disk
tell "$url" "$report"
poweroff -f
`;

const init = (modules: readonly string[], script: string) => `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
for module in ${modules.join(' ')}; do insmod /modules/$module; done
network() {
  ip link set lo up
  ip link set eth0 up
  udhcpc -i eth0 -n -q -t 20 -T 2 -s /lease
}
# tell URL REPORT: on the console, and by syslog to the host of the URL.
tell() {
  echo "$2"
  server=\${1#http://}
  syslogd -R \${server%%[:/]*}:514 -L
  for attempt in 1 2 3; do logger -t small-os "$2"; sleep 1; done
}
${script}
`;

export interface SmallOsOptions {
  cacheDirectory: string;
  /** Folder for the image. */
  target: string;
  /** How much there is beside the system: bytes that cannot be compressed. Default 16 MiB. */
  fillerBytes?: number;
}

export interface SmallOs {
  /** Compressed with zstd. */
  file: string;
  sha256: string;
  rawFile: string;
  rawBytes: number;
}

const partitionOffset = 2 ** 20;

/** A disk image with one partition (GPT), ext4, and on it Debian's kernel with a busybox that reports its first boot. */
export async function smallOs({ cacheDirectory, target, fillerBytes = 2 ** 24 }: SmallOsOptions): Promise<SmallOs> {
  const tree = join(target, 'small-os');
  await rm(tree, { recursive: true, force: true });
  await mkdir(join(tree, 'boot/grub'), { recursive: true });
  await smallSystem(cacheDirectory, join(tree, 'boot'), firstBoot);
  await writeFile(join(tree, 'boot/grub/grub.cfg'), grub);
  await writeFile(join(tree, 'filler'), randomBytes(fillerBytes));

  const rawFile = join(target, 'small-os.raw');
  const rawBytes = 2 ** 26 + fillerBytes;
  await using disk = await open(rawFile, 'w');
  await disk.truncate(rawBytes);
  const shell = 'printf "label: gpt\\nstart=2048\\n" | sfdisk -q "$1"';
  await run('sh', ['-c', shell, 'sh', rawFile]);
  const kibibytes = (rawBytes - 2 * partitionOffset) / 1024;
  const place = ['-E', `offset=${partitionOffset}`, '-d', tree, rawFile, `${kibibytes}k`];
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', ...place]);
  await rm(tree, { recursive: true });
  return { ...(await compress(rawFile)), rawFile, rawBytes };
}

/** As images are served: the compressed file, beside the disk itself, and its digest in hexadecimal. */
export async function compress(rawFile: string): Promise<Pick<SmallOs, 'file' | 'sha256'>> {
  const file = `${rawFile}.zst`;
  await run('zstd', ['-q', '-f', '-3', '-o', file, rawFile]);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return { file, sha256 };
}

/** What a first boot left on a disk with this system; empty when it has not come so far. */
export async function firstBootOn(disk: string): Promise<string> {
  const { stdout } = await run('debugfs', ['-R', 'cat /first-boot', `${disk}?offset=${partitionOffset}`]);
  return stdout;
}

const grub = `set default="0"
menuentry 'small OS' {
  linux /boot/vmlinuz root=/dev/vda1 ${kernelArguments}
  initrd /boot/initrd.img
}
`;

/** The parts of the system that are Debian's. */
async function debianParts(
  cacheDirectory: string,
): Promise<{ vmlinuz: string; modulesFolder: string; busybox: string }> {
  const [kernel, busybox] = await Promise.all([
    unpackedPackage(cacheDirectory, await kernelPackage()),
    unpackedPackage(cacheDirectory, 'busybox-static'),
  ]);
  const [image] = (await readdir(join(kernel, 'boot'))).filter((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`there is no kernel in ${kernel}`);
  const modulesFolder = join(kernel, 'lib/modules', image.slice('vmlinuz-'.length));
  return { vmlinuz: join(kernel, 'boot', image), modulesFolder, busybox: join(busybox, 'bin/busybox') };
}

/** Writes kernel and initramfs into a folder. @param script what runs when drivers are loaded and `/proc` is there */
export async function smallSystem(cacheDirectory: string, folder: string, script: string): Promise<void> {
  const { vmlinuz, modulesFolder, busybox } = await debianParts(cacheDirectory);
  await copyFile(vmlinuz, join(folder, 'vmlinuz'));
  await writeFile(join(folder, 'initrd.img'), await initramfs(modulesFolder, busybox, script));
}

async function initramfs(modulesFolder: string, busybox: string, script: string): Promise<Buffer> {
  const modules = await inOrder(modulesFolder);
  const file = async (data: Buffer | string | Promise<Buffer>, executable = false): Promise<TreeEntry> => ({
    kind: 'file',
    data: Buffer.from(await data),
    executable,
  });
  const tree = new Map<string, TreeEntry>();
  for (const path of ['dev', 'disk', 'proc', 'sys']) tree.set(path, { kind: 'folder' });
  const names = modules.map((path) => basename(path));
  tree.set('init', await file(init(names, script), true));
  tree.set('lease', await file(leaseScript, true));
  tree.set('bin/busybox', await file(readFile(busybox), true));
  for (const path of modules) tree.set(`modules/${basename(path)}`, await file(readFile(join(modulesFolder, path))));
  return writeCpio(tree);
}

/** The modules with all that they need, each after those: what depmod would say, from the modules themselves. */
async function inOrder(folder: string): Promise<string[]> {
  const all = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ko'));
  const byName = new Map(all.map((path) => [moduleName(path), path]));
  const found = new Set<string>();
  const add = async (name: string): Promise<void> => {
    const path = byName.get(name);
    if (path === undefined || found.has(path)) return;
    for (const needed of await dependencies(join(folder, path))) await add(needed);
    found.add(path);
  };
  for (const name of wantedModules) await add(name);
  return [...found];
}

function moduleName(path: string): string {
  return basename(path, '.ko').replaceAll('-', '_');
}

/** `depends=` of its .modinfo section: words that end with zero bytes. */
async function dependencies(file: string): Promise<string[]> {
  const text = (await readFile(file)).toString('latin1');
  const list = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  return list.split(',').map((name) => name.replaceAll('-', '_'));
}
