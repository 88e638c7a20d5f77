import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { which } from '../../bootstrap/local/build/which.ts';
import type { MachineFacts } from '../../bootstrap/quickstart/preflight.ts';
import type { QuickstartContext } from './context.ts';

/** What a rack in QEMU and the making of its image run. */
const qemuPrograms = [
  'qemu-system-x86_64',
  'ip',
  'curl',
  'mmdebstrap',
  'mkfs.ext4',
  'mkfs.vfat',
  'mcopy',
  'zstd',
  'grub-mkimage',
];

/** Looks at this machine. */
export async function machineFacts({ layout, environment }: QuickstartContext): Promise<MachineFacts> {
  const { bavail, bsize } = await statfs(layout.directory);
  const missingPrograms: string[] = [];
  for (const name of qemuPrograms) {
    // Some of them are where only root's PATH leads.
    const path = `${environment['PATH'] ?? ''}:/usr/sbin:/sbin`;
    if ((await which(name, { PATH: path })) === undefined) missingPrograms.push(name);
  }
  return {
    isRoot: process.getuid?.() === 0,
    architecture: process.arch,
    freeMemoryBytes: await freeMemory(),
    freeDiskBytes: bavail * bsize,
    missingPrograms,
    hasTun: existsSync('/dev/net/tun'),
  };
}

/** What the kernel can give, caches included. */
async function freeMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return available === undefined ? freemem() : Number(available) * 1024;
}
