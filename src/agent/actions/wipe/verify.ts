import { createHash } from 'node:crypto';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { BlockFile } from '../../disk/block-file.ts';
import { untilDevice } from '../../mount/device.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkDevice, checkInteger } from '../environment.ts';

const checkBytes = checkInteger(0, Number.MAX_SAFE_INTEGER);

/** Reads a disk and compares its digest: what was written is there. */
export const verify: NativeAction = {
  name: 'verify',
  summary: 'compare the digest of a disk, or of a part of it, with what it should be',
  variables: [
    { name: 'DEST_DISK', what: 'the device', required: true, check: checkDevice },
    { name: 'DIGEST', what: 'what it should be: sha256:… or sha512:…', required: true, check: checkDigest },
    { name: 'SIZE_BYTES', what: 'how much to read; none: to the end', check: checkBytes },
    { name: 'OFFSET_BYTES', what: 'where to begin', default: '0', check: checkBytes },
  ],
  run: compare,
};

function checkDigest(value: string): string | undefined {
  return /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/i.test(value)
    ? undefined
    : `is "${value.slice(0, 150)}", but must be sha256: and 64 hexadecimal digits, or sha512: and 128`;
}

async function compare(context: ActionContext): Promise<ActionResult> {
  const { env, progress } = context;
  const { DEST_DISK: device = '', DIGEST: wanted = '', SIZE_BYTES: size = '' } = env;
  const expected = wanted.toLowerCase();
  const [algorithm = ''] = expected.split(':');
  await untilDevice(context, device);
  await using disk = await BlockFile.open(context, device, 'read');
  const start = Number(env['OFFSET_BYTES']);
  const totalBytes = size === '' ? Math.max(0, disk.sizeBytes - start) : Number(size);
  const hash = createHash(algorithm);
  let bytes = 0;
  for await (const chunk of disk.read({ start, end: start + totalBytes })) {
    hash.update(chunk);
    bytes += chunk.length;
    progress({ bytes, totalBytes, what: `reading ${device}` });
  }
  const actual = `${algorithm}:${hash.digest('hex')}`;
  if (actual !== expected || bytes !== totalBytes) {
    throw new CaptError('ACTION_DIGEST_WRONG', { device, actual, expected, sizeBytes: bytes, offsetBytes: start });
  }
  return { message: `${device} has ${actual}` };
}
