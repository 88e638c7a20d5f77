import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Compression } from '../format.ts';

/** Programs that decompress from standard input to standard output, the fastest first (see `bench/streaming.ts`). */
const programs: Record<Compression, readonly (readonly string[])[]> = {
  // igzip of isal: twice as fast as gzip. That it reads to the end of the file is looked at by `write-image.ts`.
  gz: [['igzip', '-d', '-c']],
  zst: [['zstd', '-d', '-c', '-q', '--long=31']],
  // -T0 decodes blocks side by side where the file has several.
  xz: [['xz', '-d', '-c', '-q', '-q', '-T0']],
  // Not lbzip2: it silently leaves out what follows a stream and starts wrongly. bzip2 says so.
  bz2: [['bzip2', '-d', '-c']],
};

/** What decodes a format without a program. */
export const builtIn: readonly Compression[] = ['gz', 'zst'];

/** The program for a format, with arguments; undefined when none is installed. */
export function findProgram(format: Compression, path = process.env['PATH'] ?? ''): readonly string[] | undefined {
  return programs[format].find(([name = '']) => path.split(':').some((folder) => isExecutable(join(folder, name))));
}

export function programNames(format: Compression): string {
  return programs[format].map(([name]) => name).join(', ');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
