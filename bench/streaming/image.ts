import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { generator } from '../../src/agent/streaming/sample-image.ts';

const compressors: Record<string, string> = {
  gz: 'gzip -6 -c',
  zst: 'zstd -q -T2 -c',
  xz: 'xz -T2 -1 --block-size=16MiB -c',
};

/** An image with runs of data, 30 % of it, and its compressed forms, in `folder`; made when it is not there. */
export function makeImages(folder: string, sizeBytes: number, formats: readonly string[]): void {
  const raw = join(folder, 'img.raw');
  if (!existsSync(raw) || statSync(raw).size !== sizeBytes) makeRaw(raw, sizeBytes);
  for (const format of formats.filter((each) => each !== 'raw')) {
    const file = join(folder, `img.${format}`);
    if (existsSync(file)) continue;
    execFileSync('sh', ['-c', `${compressors[format]} ${raw} >${file}.part`]);
    renameSync(`${file}.part`, file);
  }
}

/** Data as systems have it: programs and libraries of this one, a fifth of it random (what is compressed already). */
function makeRaw(path: string, sizeBytes: number): void {
  const random = generator(1);
  const fd = openSync(path, 'w');
  ftruncateSync(fd, sizeBytes);
  const files = readdirSync('/usr/bin').map((name) => join('/usr/bin', name));
  let written = 0;
  for (let at = 0, index = 0; written < sizeBytes * 0.3 && at < sizeBytes - (8 << 20); index++) {
    const length = 65_536 << (random() % 6);
    const file = files[index % files.length] ?? '';
    const known =
      random() % 5 !== 0 && statSync(file).isFile() ? readFileSync(file).subarray(0, length) : noise(random, length);
    writeSync(fd, known, 0, known.length, at);
    written += known.length;
    at = Math.ceil((at + known.length * (1 + ((random() % 1000) / 1000) * 4.4)) / 4096) * 4096;
  }
  closeSync(fd);
}

function noise(random: () => number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE(random(), at);
  return bytes;
}
