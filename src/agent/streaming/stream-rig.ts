import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Agent } from 'undici';
import { CaptError } from '../../api/errors/capt-error.ts';
import { systemClock } from '../../api/time/clock.ts';
import { Processes } from '../process/processes.ts';
import { type Fault, FaultServer } from './fault-server.ts';
import type { Compression } from './format.ts';
import { isZero } from './sink/zero-runs.ts';
import { HttpSource, type HttpSourceOptions } from './source/http-source.ts';
import { type WriteImageOptions, type WrittenImage, writeImage } from './write-image.ts';

/** What became of one try to write an image. */
export interface Outcome {
  readonly result: WrittenImage | undefined;
  /** Code of the error, `undefined` when it was a success. */
  readonly code: string | undefined;
  readonly error: unknown;
  /** What the disk holds afterwards. */
  readonly disk: Buffer;
  /** The ends, where firmware looks, are zeros. */
  readonly isUnbootable: boolean;
  readonly requests: FaultServer['requests'];
}

export interface Try {
  readonly content: Uint8Array;
  readonly faults?: readonly Fault[];
  readonly options?: Partial<WriteImageOptions>;
  readonly source?: Partial<HttpSourceOptions>;
  /** Size of the disk. */
  readonly diskBytes: number;
}

/** Writes what a server with faults serves to a file that stands for a disk, full of what was there before. */
export async function tryToWrite({
  content,
  faults = [],
  options = {},
  source = {},
  diskBytes,
}: Try): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'capt-disk-'));
  const path = join(folder, 'disk');
  writeFileSync(path, Buffer.alloc(diskBytes, 0xee));
  const server = await FaultServer.start(content, faults);
  const dispatcher = new Agent({ allowH2: false });
  const controller = new AbortController();
  const { signal } = controller;
  const log = (): void => {};
  const processes = new Processes({
    mark: randomUUID(),
    signal,
    clock: systemClock,
    proc: '/proc',
    env: process.env,
    log,
  });
  const context = {
    run: processes.run.bind(processes),
    start: processes.start.bind(processes),
    signal,
    clock: systemClock,
    log,
    progress: () => {},
  };
  let result: WrittenImage | undefined;
  let error: unknown;
  try {
    result = await writeImage(context, {
      source: () =>
        new HttpSource({
          url: server.url,
          dispatcher,
          isDirect: true,
          clock: systemClock,
          signal,
          retries: { attempts: 3, baseSeconds: 0.001 },
          ...source,
        }),
      disk: { path },
      skipZeros: false,
      verify: false,
      partitionCheck: true,
      ...options,
    });
  } catch (thrown) {
    error = thrown;
  } finally {
    await dispatcher.destroy();
    await server.stop();
  }
  const disk = readFileSync(path);
  rmSync(folder, { recursive: true });
  const code = error instanceof CaptError ? error.code : error === undefined ? undefined : String(error);
  const isUnbootable = isZero(disk.subarray(0, 1 << 20));
  return { result, code, error, disk, isUnbootable, requests: server.requests };
}

/** Compresses with the program of the format; undefined when it is not installed. */
export function compressed(format: Compression, image: Uint8Array): Buffer | undefined {
  if (format === 'gz') return gzipSync(image);
  // The checksum that zstd writes by itself; without one nothing notices a flipped bit of what could not be compressed.
  if (format === 'zst') return zstdCompressSync(image, { params: { 201: 1 } });
  const command = format === 'xz' ? ['xz', '-1', '--block-size=1MiB'] : ['bzip2'];
  const { status, stdout } = spawnSync(command[0] ?? '', [...command.slice(1), '-c'], {
    input: image,
    maxBuffer: 1 << 28,
  });
  return status === 0 ? stdout : undefined;
}
