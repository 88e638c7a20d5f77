import type { Partition, PartitionTable } from '../../disk/partition-table.ts';
import type { DiskLayout, PartitionLayout, TableKind } from './layout.ts';

/** A partition table, in sectors of the disk. */
export interface PartitionPlan {
  readonly table: TableKind;
  readonly partitions: readonly Partition[];
}

export interface DiskGeometry {
  readonly sizeBytes: number;
  /** Logical: 512 or 4096. */
  readonly sectorBytes: number;
}

const alignBytes = 1024 * 1024;

/** GUIDs of the UEFI specification (5.3.3), GRUB and the Discoverable Partitions Specification; bytes of MBRs. */
const types: Readonly<Record<string, Readonly<Record<TableKind, string>>>> = {
  BIOS: { gpt: '21686148-6449-6E6F-744E-656564454649', dos: '' },
  EFI: { gpt: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', dos: 'ef' },
  SWAP: { gpt: '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F', dos: '82' },
};
const linux = { gpt: '0FC63DAF-8483-4772-8E79-3D69D8477DE4', dos: '83' };

/**
 * Lays partitions out one after the other by number, each from a full MiB, the last one up to a full MiB when it takes the rest.
 * @returns the plan, or why it does not fit
 */
export function planPartitions(
  { device, partitions }: DiskLayout,
  table: TableKind,
  disk: DiskGeometry,
): PartitionPlan | { readonly problems: readonly string[] } {
  const { sectorBytes } = disk;
  const problems: string[] = [];
  const limit = limitBytes(table, disk);
  let free = alignBytes;
  const planned = partitions.map((partition): Partition => {
    const { number, sizeBytes } = partition;
    const start = free;
    const rest = Math.floor(limit / alignBytes) * alignBytes - start;
    const size = sizeBytes === 0 ? rest : sizeBytes;
    if (size <= 0 || start + size > limit) {
      const left = Math.max(0, limit - start);
      problems.push(`${device}: partition ${number} does not fit, there are ${left} bytes left for it`);
    }
    if (size % sectorBytes !== 0)
      problems.push(`${device}: the size of partition ${number} is no multiple of its sectors of ${sectorBytes} bytes`);
    free = Math.ceil((start + size) / alignBytes) * alignBytes;
    return { number, start: start / sectorBytes, size: size / sectorBytes, ...meaningOf(partition, table) };
  });
  return problems.length > 0 ? { problems } : { table, partitions: planned };
}

/** Where partitions have to end: a GPT has its copy (16 KiB and a sector) behind them, an MBR counts in 32 bits. */
function limitBytes(table: TableKind, { sizeBytes, sectorBytes }: DiskGeometry): number {
  if (table === 'dos') return Math.min(sizeBytes, 0xffff_ffff * sectorBytes);
  return Math.floor(sizeBytes / sectorBytes) * sectorBytes - 16_384 - sectorBytes;
}

function meaningOf({ label }: PartitionLayout, table: TableKind): Pick<Partition, 'type' | 'name' | 'active'> {
  const active = label.endsWith('_ACTIVE');
  const kind = active ? label.slice(0, -'_ACTIVE'.length) : label;
  const { [table]: type } = types[kind] ?? linux;
  return { type, name: table === 'gpt' ? label : '', active };
}

/** What `sfdisk` reads (sfdisk(8), "Named-fields format"). */
export function sfdiskScript({ table, partitions }: PartitionPlan): string {
  const lines = partitions.map(({ number, start, size, type, name, active }) => {
    const bootable = table === 'gpt' ? ', attrs="LegacyBIOSBootable"' : ', bootable';
    const fields = `start=${start}, size=${size}, type=${type}${name ? `, name="${name}"` : ''}`;
    return `${number} : ${fields}${active ? bootable : ''}`;
  });
  return [`label: ${table}`, ...lines, ''].join('\n');
}

/** What is there already, to compare with; undefined when there is no table. */
export function planOf(found: PartitionTable | undefined): PartitionPlan | undefined {
  return found && { table: found.label as TableKind, partitions: found.partitions };
}
