import type { Environment, Variable } from '../action.ts';
import { checkBoolean, checkInteger, isTrue } from '../environment.ts';

const maxMinutes = 60 * 24 * 7;

function checkDigest(value: string): string | undefined {
  return /^(sha256:)?[0-9a-f]{64}$/i.test(value) ? undefined : 'must be a sha256 digest: 64 hexadecimal digits';
}

function checkFormat(value: string): string | undefined {
  return ['auto', 'raw', 'gz', 'zst', 'xz', 'bz2'].includes(value)
    ? undefined
    : 'must be auto, raw, gz, zst, xz or bz2';
}

const checkSize = checkInteger(1, Number.MAX_SAFE_INTEGER);

/** What image2disk and oci2disk share: those of the originals first, then ours. */
export const imageVariables: readonly Variable[] = [
  {
    name: 'DEST_DISK',
    what: 'path of the disk, or rules: serial=, wwn=, model=, size>=100GB, rotational=',
    required: true,
  },
  {
    name: 'COMPRESSED',
    what: 'true: the image has to be compressed; false: its content decides',
    default: 'false',
    check: checkBoolean,
  },
  { name: 'RETRY_ENABLED', what: 'start again for RETRY_DURATION_MINUTES', default: 'false', check: checkBoolean },
  {
    name: 'RETRY_DURATION_MINUTES',
    what: 'how long to try without a new byte',
    default: '10',
    check: checkInteger(0, maxMinutes),
  },
  { name: 'PROGRESS_INTERVAL_SECONDS', what: 'not used: progress goes on once a second', default: '3' },
  { name: 'TEXT_LOGGING', what: 'not used: logs are the agent’s', default: 'false' },
  { name: 'SKIP_VERIFY', what: 'do not check TLS certificates', default: 'false', check: checkBoolean },
  {
    name: 'IMG_FORMAT',
    what: 'what the content has to be: auto, raw, gz, zst, xz, bz2',
    default: 'auto',
    check: checkFormat,
  },
  { name: 'IMG_SHA256', what: 'digest of the data as served', check: checkDigest },
  { name: 'IMG_SIZE_BYTES', what: 'length of the data as served', check: checkSize },
  { name: 'IMG_RAW_SHA256', what: 'digest of the decompressed image', check: checkDigest },
  { name: 'IMG_RAW_SIZE_BYTES', what: 'length of the decompressed image', check: checkSize },
  {
    name: 'IMG_PARTITION_CHECK',
    what: 'refuse images shorter than their partition table says',
    default: 'true',
    check: checkBoolean,
  },
  {
    name: 'STALL_SECONDS',
    what: 'give a connection up that brings nothing for so long',
    default: '30',
    check: checkInteger(1, 3600),
  },
  {
    name: 'SKIP_ZEROS',
    what: 'write no zeros on disks that are proven to read zeros after a discard',
    default: 'true',
    check: checkBoolean,
  },
  {
    name: 'VERIFY',
    what: 'read everything back before the disk is made bootable',
    default: 'false',
    check: checkBoolean,
  },
];

export interface ImageSettings {
  readonly disk: string;
  readonly format: 'raw' | 'gz' | 'zst' | 'xz' | 'bz2' | 'compressed' | undefined;
  readonly sha256: string | undefined;
  readonly sizeBytes: number | undefined;
  readonly rawSha256: string | undefined;
  readonly rawBytes: number | undefined;
  readonly partitionCheck: boolean;
  readonly skipZeros: boolean;
  readonly verify: boolean;
  readonly skipVerify: boolean;
  readonly stallSeconds: number;
  /** Undefined: a few attempts in a row. */
  readonly retrySeconds: number | undefined;
}

/** The environment, checked before, as values. */
export function imageSettings(env: Environment): ImageSettings {
  const digest = (name: string): string | undefined => env[name]?.toLowerCase().replace(/^sha256:/, '') || undefined;
  const size = (name: string): number | undefined => (env[name] ? Number(env[name]) : undefined);
  const format = env['IMG_FORMAT'] as ImageSettings['format'] | 'auto' | undefined;
  const anyFormat = isTrue(env['COMPRESSED']) ? 'compressed' : undefined;
  return {
    disk: env['DEST_DISK'] ?? '',
    format: format === 'auto' ? anyFormat : format,
    sha256: digest('IMG_SHA256'),
    sizeBytes: size('IMG_SIZE_BYTES'),
    rawSha256: digest('IMG_RAW_SHA256'),
    rawBytes: size('IMG_RAW_SIZE_BYTES'),
    partitionCheck: isTrue(env['IMG_PARTITION_CHECK']),
    skipZeros: isTrue(env['SKIP_ZEROS']),
    verify: isTrue(env['VERIFY']),
    skipVerify: isTrue(env['SKIP_VERIFY']),
    stallSeconds: Number(env['STALL_SECONDS'] || 30),
    retrySeconds: isTrue(env['RETRY_ENABLED']) ? Number(env['RETRY_DURATION_MINUTES']) * 60 : undefined,
  };
}
