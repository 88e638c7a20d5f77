import { CaptError } from '../../api/errors/capt-error.ts';
import type { Disk } from './disk.ts';
import { parseSelector } from './selector.ts';

/**
 * The one disk that DEST_DISK means. A disk that is in use, read-only or empty is refused, and so is a choice that is not one:
 * rules that fit no disk or several.
 * @param resolve makes a path real: follows links; undefined when there is nothing
 */
export function chooseDisk(text: string, disks: readonly Disk[], resolve: (path: string) => string | undefined): Disk {
  const selector = parseSelector(text);
  if ('problems' in selector) {
    throw new CaptError('DISK_SELECTOR_INVALID', { selector: text, cause: selector.problems.join('; ') });
  }
  const fitting =
    'path' in selector
      ? disks.filter(
          ({ path, links }) => path === (resolve(selector.path) ?? selector.path) || links.includes(selector.path),
        )
      : disks.filter((disk) => isCandidate(disk) && selector.rules.every((rule) => rule.fits(disk)));
  const [disk, second] = fitting;
  if (disk === undefined)
    throw new CaptError('DISK_NOT_FOUND', { selector: text, disks: shown(disks.filter(isCandidate)) });
  if (second !== undefined) throw new CaptError('DISK_AMBIGUOUS', { selector: text, disks: shown(fitting) });
  const cause = refusal(disk);
  if (cause !== undefined) throw new CaptError('DISK_REFUSED', { disk: disk.path, cause });
  return disk;
}

/** Rules choose among what machines are installed on; a path may name anything. */
function isCandidate({ isVirtual, partitionOf, sizeBytes }: Disk): boolean {
  return !isVirtual && partitionOf === undefined && sizeBytes > 0;
}

/** Why a disk may not be overwritten, undefined when it may. */
function refusal({ readOnly, sizeBytes, usedBy }: Disk): string | undefined {
  if (sizeBytes === 0) return 'it has no medium';
  if (readOnly) return 'it is read-only';
  if (usedBy.length > 0) return `it is in use (${usedBy.join(', ')})`;
  return undefined;
}

function shown(disks: readonly Disk[]): string {
  if (disks.length === 0) return 'none';
  return disks
    .map(({ path, sizeBytes, serial }) => `${path} (${gigabytes(sizeBytes)}${serial ? `, serial ${serial}` : ''})`)
    .join(', ');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`;
}
