import { GoError } from '../value/error.ts';
import { compareBytes } from '../value/value.ts';

/** A semantic version. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

const identifier = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const loose = new RegExp(`^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifier}))?(?:\\+(${identifier}))?$`);
const largest = 2n ** 64n - 1n;

function segment(digits: string): bigint {
  const value = BigInt(digits);
  if (value > largest) {
    throw new GoError(`error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`);
  }
  return value;
}

/** Parses a version; what is left out counts as zero, a leading `v` and leading zeros are welcome. */
export function parseVersion(text: string): Version {
  const [all, major = '', minor = '0', patch = '0', prerelease = '', metadata = ''] = loose.exec(text) ?? [];
  if (all === undefined) throw new GoError('invalid semantic version');
  if (/(?:^|\.)0[0-9]+(?:\.|$)/.test(prerelease)) throw new GoError('version segment starts with 0');
  return {
    major: segment(major),
    minor: segment(minor),
    patch: segment(patch),
    prerelease,
    metadata,
    original: text,
  };
}

export function formatVersion({ major, minor, patch, prerelease, metadata }: Version): string {
  const tail = (prerelease === '' ? '' : `-${prerelease}`) + (metadata === '' ? '' : `+${metadata}`);
  return `${major}.${minor}.${patch}${tail}`;
}

/** Negative, zero or positive, as `a` is before, equal to or after `b`. Metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  for (const key of ['major', 'minor', 'patch'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

export function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareIdentifiers(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by value and before words; a shorter row of identifiers before a longer one. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const [x, y] = [a, b].map((text) => (/^[0-9]+$/.test(text) && BigInt(text) <= largest ? BigInt(text) : undefined));
  if (x !== undefined && y !== undefined) return x > y ? 1 : -1;
  if (x !== undefined || y !== undefined) return x !== undefined ? -1 : 1;
  return compareBytes(a, b);
}
