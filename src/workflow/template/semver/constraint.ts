import { GoError } from '../value/error.ts';
import { comparePrereleases, compareVersions, parseVersion, type Version } from './version.ts';

/** One comparison of a constraint: an operator and a version, parts of which may be left open. */
interface Comparison {
  readonly operator: string;
  readonly version: Version;
  /** Where the version is open: nowhere, from the major number on (`*`), the minor (`1.x`) or the patch (`1.2.x`). */
  readonly open: 'nowhere' | 'major' | 'minor' | 'patch';
}

const number = '[0-9|xX*]+';
const identifier = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const version = `v?(${number})(\\.${number})?(\\.${number})?(-${identifier})?(\\+${identifier})?`;
const operator = '=>|=<|=|!=|>=|<=|~>|>|<|~|\\^|';
const comparison = new RegExp(`\\s*(${operator})\\s*${version}(\\s*)`, 'y');
const hyphenRange = new RegExp(`\\s*(${version})\\s+-\\s+(${version})\\s*`, 'g');

/** True when a version satisfies a constraint such as `>=1.2 <2 || ~3.1`. */
export function satisfies(constraint: string, candidate: () => Version): boolean {
  const groups = rewriteRanges(constraint).split('||').map(parseGroup);
  const found = candidate();
  return groups.some((group) => {
    // Versions before a release only count where the constraint names one itself.
    if (found.prerelease !== '' && group.every((each) => each.version.prerelease === '')) return false;
    return group.every((each) => check(each, found));
  });
}

/** `1.2 - 1.5` means `>= 1.2, <= 1.5`. */
function rewriteRanges(constraint: string): string {
  const capturesOfVersion = 5;
  return constraint.replace(hyphenRange, (_all, low: string, ...rest: string[]) => {
    return `>= ${low}, <= ${rest[capturesOfVersion] ?? ''} `;
  });
}

/** Comparisons that must hold together, separated by spaces or commas. */
function parseGroup(text: string): Comparison[] {
  const comparisons: RegExpExecArray[] = [];
  let at = 0;
  while (at < text.length) {
    comparison.lastIndex = at;
    const match = comparison.exec(text);
    const isSeparated = comparisons.length === 0 || /[\s,]/.test(text.charAt(at - 1));
    if (match === null || !isSeparated) throw new GoError(`improper constraint: ${text}`);
    comparisons.push(match);
    at = comparison.lastIndex;
    if (text.charAt(at) === ',') at = text.length === at + 1 ? -1 : at + 1;
    if (at < 0) throw new GoError(`improper constraint: ${text}`);
  }
  if (comparisons.length === 0) throw new GoError(`improper constraint: ${text}`);
  return comparisons.map(comparisonOf);
}

function comparisonOf([, sign = '', major = '', minor = '', patch = '', prerelease = '']: RegExpExecArray): Comparison {
  const isOpen = (part: string) => /^\.?[xX*]?$/.test(part);
  const made = (open: Comparison['open'], text: string): Comparison => {
    try {
      return { operator: sign, open, version: parseVersion(text) };
    } catch {
      throw new GoError('constraint parser error');
    }
  };
  if (isOpen(major)) return made('major', `0.0.0${prerelease}`);
  if (isOpen(minor)) return made('minor', `${major}.0.0${prerelease}`);
  if (isOpen(patch)) return made('patch', `${major}${minor}.0${prerelease}`);
  return made('nowhere', major + minor + patch + prerelease);
}

function check(each: Comparison, found: Version): boolean {
  const order = compareVersions(found, each.version);
  switch (each.operator) {
    case '!=':
      return differs(each, found, order);
    case '>':
      return isGreater(each, found, order);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return isAtMost(each, found, order);
    case '~':
    case '~>':
      return order >= 0 && sameSeries(each, found);
    case '^':
      return order >= 0 && isCompatible(each, found);
    default:
      return each.open === 'nowhere' ? order === 0 : order >= 0 && sameSeries(each, found);
  }
}

function differs({ version: wanted, open }: Comparison, found: Version, order: number): boolean {
  if (open === 'nowhere') return order !== 0;
  if (wanted.major !== found.major) return true;
  if (open === 'minor') return false;
  if (wanted.minor !== found.minor) return true;
  if (open === 'patch') return comparePrereleases(found.prerelease, wanted.prerelease) !== 0;
  return order !== 0;
}

/** Beyond `1.x` is 2, and beyond `1.2.x` is 1.3. */
function isGreater({ version: wanted, open }: Comparison, found: Version, order: number): boolean {
  if (open === 'nowhere') return order > 0;
  if (found.major !== wanted.major) return found.major > wanted.major;
  if (open === 'minor') return false;
  return open === 'patch' ? found.minor > wanted.minor : order > 0;
}

function isAtMost({ version: wanted, open }: Comparison, found: Version, order: number): boolean {
  if (open === 'nowhere') return order <= 0;
  if (found.major !== wanted.major) return found.major < wanted.major;
  return open === 'minor' || found.minor <= wanted.minor;
}

/** The same major and, where it is given, minor number. `~0.0.0` and `~*` are any. */
function sameSeries({ version: wanted, open }: Comparison, found: Version): boolean {
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && open !== 'minor' && open !== 'patch') return true;
  return found.major === wanted.major && (open === 'minor' || found.minor === wanted.minor);
}

/** The first number that is not zero stays the same. */
function isCompatible({ version: wanted, open }: Comparison, found: Version): boolean {
  if (wanted.major > 0n || open === 'minor') return found.major === wanted.major;
  if (found.major > 0n) return false;
  if (wanted.minor > 0n || open === 'patch') return found.minor === wanted.minor;
  return found.minor === 0n && found.patch === wanted.patch;
}
