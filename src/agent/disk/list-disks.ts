import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Paths } from '../actions/action.ts';
import type { Disk } from './disk.ts';

type Roots = Pick<Paths, 'sys' | 'proc' | 'dev'>;

const virtualNames = /^(loop|ram|zram|sr|fd|dm-|nbd|md|mtdblock)/;

/** Every block device of the machine with its partitions, from sysfs and procfs (Documentation/ABI/stable/sysfs-block). */
export function listDisks(roots: Roots): Disk[] {
  const links = linksByName(roots);
  const used = usedNames(roots);
  return names(join(roots.sys, 'block')).flatMap((name) => {
    const folder = realFolder(join(roots.sys, 'block', name));
    const partitions = names(folder).filter((each) => read(join(folder, each, 'partition')) !== undefined);
    const parts = partitions.map((part) => describe(roots, join(folder, part), part, links, name));
    const holders = (disk: string, path: string): string[] => [
      ...(used.get(disk) ?? []),
      ...names(join(path, 'holders')),
    ];
    const usedByParts = partitions.flatMap((part) => holders(part, join(folder, part)));
    const whole = describe(roots, folder, name, links, undefined);
    return [
      { ...whole, usedBy: [...holders(name, folder), ...usedByParts] },
      ...parts.map((part) => ({ ...part, usedBy: holders(basename(part.path), join(folder, basename(part.path))) })),
    ];
  });
}

function describe(
  roots: Roots,
  folder: string,
  name: string,
  links: ReadonlyMap<string, string[]>,
  parent: string | undefined,
): Disk {
  const whole = parent === undefined ? folder : join(folder, '..');
  const device = join(whole, 'device');
  return {
    path: join(roots.dev, name.replaceAll('!', '/')),
    links: links.get(name) ?? [],
    // Always in units of 512 bytes, whatever the sectors of the disk.
    sizeBytes: Number(read(join(folder, 'size')) ?? 0) * 512,
    serial: read(join(device, 'serial')) ?? read(join(whole, 'serial')) ?? pageText(join(device, 'vpd_pg80')),
    wwn: read(join(device, 'wwid')) ?? read(join(whole, 'wwid')),
    model: read(join(device, 'model')),
    rotational: read(join(whole, 'queue/rotational')) === '1',
    readOnly: read(join(folder, 'ro')) === '1',
    isVirtual: virtualNames.test(parent ?? name),
    partitionOf: parent === undefined ? undefined : join(roots.dev, parent.replaceAll('!', '/')),
    usedBy: [],
    zeroes: Number(read(join(whole, 'queue/write_zeroes_max_bytes')) ?? 0) > 0,
  };
}

/** Mount points and swap by the name of their device. */
function usedNames(roots: Roots): Map<string, string[]> {
  const used = new Map<string, string[]>();
  const add = (device: string | undefined, use: string): void => {
    if (device?.startsWith('/dev/') !== true) return;
    const name = basename(real(join(roots.dev, device.slice('/dev/'.length))));
    used.set(name, [...(used.get(name) ?? []), use]);
  };
  // proc(5): source and mount point are the fields after the " - " and the fifth.
  for (const line of (read(join(roots.proc, 'self/mountinfo')) ?? '').split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    add(right.split(' ')[1], left.split(' ')[4] ?? '');
  }
  for (const line of (read(join(roots.proc, 'swaps')) ?? '').split('\n').slice(1)) add(line.split(/\s/)[0], 'swap');
  return used;
}

function linksByName(roots: Roots): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const kind of names(join(roots.dev, 'disk'))) {
    for (const link of names(join(roots.dev, 'disk', kind))) {
      const path = join(roots.dev, 'disk', kind, link);
      const name = basename(real(path));
      links.set(name, [...(links.get(name) ?? []), path]);
    }
  }
  return links;
}

/** Page 0x80 of SCSI, unit serial number: four bytes of header, then text (SPC-4 7.8.15). */
function pageText(file: string): string | undefined {
  try {
    const text = readFileSync(file).subarray(4).toString('latin1').replaceAll('\0', '').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Entries of /sys/block are links into /sys/devices. */
function realFolder(path: string): string {
  try {
    return join(path, '..', readlinkSync(path));
  } catch {
    return path;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
