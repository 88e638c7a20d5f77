/** What rootio makes, checked: the storage of a Hardware as `/metadata` gives it. */
export interface Layout {
  readonly disks: readonly DiskLayout[];
  readonly filesystems: readonly FilesystemLayout[];
}

export interface DiskLayout {
  /** `/dev/sda`. */
  readonly device: string;
  /** An old partition table may be overwritten. */
  readonly wipeTable: boolean;
  /** By number. */
  readonly partitions: readonly PartitionLayout[];
}

export interface PartitionLayout {
  readonly number: number;
  /** Its name; BIOS, EFI and SWAP (also with `_ACTIVE`) are its type too. */
  readonly label: string;
  /** 0: what is left of the disk. */
  readonly sizeBytes: number;
}

export interface FilesystemLayout {
  readonly device: string;
  readonly format: string;
  /** Absolute; empty for swap. */
  readonly point: string;
  /** For mkfs. */
  readonly options: readonly string[];
}

/** Sizes of the original are in these, whatever the sectors of the disk. */
const sizeUnitBytes = 512;
const maxPartitions = { gpt: 128, dos: 4 } as const;
/** UEFI specification 5.3.3: 36 UTF-16 code units. */
const maxLabel = 36;
const known = /^(ext2|ext3|ext4|vfat|xfs|btrfs|swap)$/;

export type TableKind = keyof typeof maxPartitions;

/** @param json what `/metadata` answers, or a file of that shape. @returns the layout, or every problem of it */
export function parseLayout(json: unknown, table: TableKind): Layout | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const storage = storageOf(json);
  if (storage === undefined) return { problems: ['it has no metadata.instance.storage'] };
  for (const name of ['raid', 'volume_groups']) {
    if (items(storage[name], name, []).length > 0) problems.push(`${name} cannot be made by this agent`);
  }
  const disks = items(storage['disks'], 'disks', problems).map((disk, index) =>
    diskOf(disk, `disks[${index}]`, table, problems),
  );
  const filesystems = items(storage['filesystems'], 'filesystems', problems).map((filesystem, index) =>
    filesystemOf(filesystem, `filesystems[${index}].mount`, problems),
  );
  for (const twice of repeated(disks.map(({ device }) => device))) problems.push(`disks: ${twice} is there twice`);
  for (const twice of repeated(filesystems.map(({ device }) => device)))
    problems.push(`filesystems: ${twice} is there twice`);
  for (const twice of repeated(filesystems.map(({ point }) => point)))
    problems.push(`filesystems: ${twice} is mounted twice`);
  return problems.length > 0 ? { problems } : { disks, filesystems };
}

type Fields = Readonly<Record<string, unknown>>;

/** Of the answer, or of the instance itself, which older metadata had outermost. */
function storageOf(json: unknown): Fields | undefined {
  const instance = fields(fields(fields(json)?.['metadata'])?.['instance']) ?? fields(fields(json)?.['instance']);
  return fields(instance?.['storage']);
}

function diskOf(value: unknown, at: string, table: TableKind, problems: string[]): DiskLayout {
  const disk = fields(value) ?? {};
  const partitions = items(disk['partitions'], `${at}.partitions`, problems)
    .map((partition, index) => partitionOf(partition, `${at}.partitions[${index}]`, table, problems))
    .sort((a, b) => a.number - b.number);
  for (const twice of repeated(partitions.map(({ number }) => String(number))))
    problems.push(`${at}.partitions: number ${twice} is there twice`);
  for (const { number, sizeBytes } of partitions.slice(0, -1)) {
    if (sizeBytes === 0)
      problems.push(`${at}: partition ${number} has size 0 (the rest), which only the last may have`);
  }
  if (table === 'dos' && partitions.filter(({ label }) => label.endsWith('_ACTIVE')).length > 1)
    problems.push(`${at}: only one partition of an MBR may be _ACTIVE`);
  const wipeTable = disk['wipe_table'] ?? false;
  if (typeof wipeTable !== 'boolean') problems.push(`${at}.wipe_table must be true or false`);
  return { device: deviceOf(disk['device'], at, problems), wipeTable: wipeTable === true, partitions };
}

function partitionOf(value: unknown, at: string, table: TableKind, problems: string[]): PartitionLayout {
  const { number, size = 0, label: given = '' } = fields(value) ?? {};
  const label = typeof given === 'string' ? given : '';
  const max = maxPartitions[table];
  if (!isWhole(number, 1, max)) problems.push(`${at}.number must be a whole number from 1 to ${max}`);
  if (!isWhole(size, 0, Number.MAX_SAFE_INTEGER / sizeUnitBytes))
    problems.push(`${at}.size must be a whole number of sectors of 512 bytes, or 0 for the rest`);
  // Quotes and control characters have a meaning in scripts of sfdisk.
  if (typeof given !== 'string' || label.length > maxLabel || !/^[^\p{Cc}"\\]*$/u.test(label))
    problems.push(`${at}.label must be text of at most ${maxLabel} characters, without quotes and control characters`);
  if (table === 'dos' && label.startsWith('BIOS'))
    problems.push(`${at}.label is ${label}, but an MBR needs no BIOS partition`);
  return { number: Number(number), label, sizeBytes: Number(size) * sizeUnitBytes };
}

function filesystemOf(value: unknown, at: string, problems: string[]): FilesystemLayout {
  const mount = fields(fields(value)?.['mount']) ?? {};
  const { format = '', point: given = '' } = mount;
  const point = typeof given === 'string' ? given : '?';
  const options = items(fields(mount['create'])?.['options'], `${at}.create.options`, problems);
  const isSwap = format === 'swap';
  if (typeof format !== 'string' || !known.test(format))
    problems.push(`${at}.format must be ext2, ext3, ext4, vfat, xfs, btrfs or swap`);
  const isPath = point.startsWith('/') && !point.split('/').includes('..') && !point.includes('\0');
  if (!isPath && !(isSwap && /^(none|swap)?$/.test(point))) problems.push(`${at}.point must be an absolute path`);
  if (options.some((option) => typeof option !== 'string' || option.includes('\0')))
    problems.push(`${at}.create.options must be texts`);
  return {
    device: deviceOf(mount['device'], at, problems),
    format: String(format),
    point: isSwap ? '' : point,
    options: options.map(String),
  };
}

function deviceOf(value: unknown, at: string, problems: string[]): string {
  const device = typeof value === 'string' ? value : '';
  if (!/^\/dev\/[^\s\0]+$/.test(device) || device.split('/').includes('..'))
    problems.push(`${at}.device must be a device such as /dev/sda`);
  return device;
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** `null` is what the metadata service says for no list. */
function items(value: unknown, at: string, problems: string[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problems.push(`${at} must be a list`);
  return [];
}

function repeated(values: readonly string[]): Set<string> {
  return new Set(values.filter((value, index) => value !== '' && values.indexOf(value) !== index));
}
