import type { Disk } from './disk.ts';

/** One rule about a disk: its words for messages, and the test. */
export interface DiskRule {
  readonly text: string;
  readonly fits: (disk: Disk) => boolean;
}

export type Selector = { readonly path: string } | { readonly rules: readonly DiskRule[] };

const units: Record<string, number> = {
  '': 1,
  B: 1,
  K: 2 ** 10,
  KB: 1e3,
  KIB: 2 ** 10,
  M: 2 ** 20,
  MB: 1e6,
  MIB: 2 ** 20,
  G: 2 ** 30,
  GB: 1e9,
  GIB: 2 ** 30,
  T: 2 ** 40,
  TB: 1e12,
  TIB: 2 ** 40,
};

const booleans: Record<string, boolean> = { true: true, '1': true, false: false, '0': false };

/**
 * Reads DEST_DISK: a path, or rules joined by commas that all have to fit: `serial=`, `wwn=`, `model=` (a part of it),
 * `size=`, `size>=`, `size<=`, `size>`, `size<` with units (100GB, 1TiB), `rotational=true|false`.
 * @returns the selector, or every mistake in it
 */
export function parseSelector(text: string): Selector | { readonly problems: readonly string[] } {
  const value = text.trim();
  if (value.startsWith('/')) return { path: value };
  const results = value.split(',').map((part) => parseRule(part.trim()));
  const problems = results.filter((result) => typeof result === 'string');
  if (problems.length > 0) return { problems };
  return { rules: results.filter((result) => typeof result !== 'string') };
}

function parseRule(text: string): DiskRule | string {
  const match = /^(\w+)\s*(=|>=|<=|>|<)\s*(.+)$/.exec(text);
  if (match === null) return `"${text}" is neither a path nor a rule`;
  const [, key = '', operator = '', value = ''] = match;
  const name = key.toLowerCase();
  if (name === 'size') return sizeRule(text, operator, value);
  if (operator !== '=') return `"${text}": only size can be compared with ${operator}`;
  if (name === 'serial') return { text, fits: ({ serial }) => serial?.toLowerCase() === value.toLowerCase() };
  if (name === 'wwn') return { text, fits: ({ wwn }) => wwn !== undefined && plainWwn(wwn) === plainWwn(value) };
  if (name === 'model') return { text, fits: ({ model = '' }) => model.toLowerCase().includes(value.toLowerCase()) };
  if (name !== 'rotational') return `"${text}": there is no rule ${name}`;
  const wanted = booleans[value.toLowerCase()];
  if (wanted === undefined) return `"${text}": write true or false`;
  return { text, fits: ({ rotational }) => rotational === wanted };
}

function sizeRule(text: string, operator: string, value: string): DiskRule | string {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value);
  const unit = units[match?.[2]?.toUpperCase() ?? '?'];
  if (match === null || unit === undefined) return `"${text}": write a size such as 100GB or 1TiB`;
  const bytes = Number(match[1]) * unit;
  const compare: Record<string, (size: number) => boolean> = {
    '>=': (size) => size >= bytes,
    '<=': (size) => size <= bytes,
    '>': (size) => size > bytes,
    '<': (size) => size < bytes,
    // Disks of "480 GB" have a little more or less.
    '=': (size) => Math.abs(size - bytes) <= bytes * 0.01,
  };
  return { text, fits: ({ sizeBytes }) => compare[operator]?.(sizeBytes) === true };
}

/** `naa.5000c500`, `0x5000c500`, `eui.0025`, `wwn-0x5000c500`: the digits are what counts. */
function plainWwn(text: string): string {
  return text
    .toLowerCase()
    .replace(/^wwn-/, '')
    .replace(/^(naa|eui|nvme)\./, '')
    .replace(/^0x/, '');
}
