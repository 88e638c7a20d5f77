import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Compression } from '../format.ts';
import type { BuiltIn } from './decoders.ts';

type ByProgram = Exclude<Compression, BuiltIn>;

/** Programs that decompress from standard input to standard output, for what Node has no decoder for. */
const programs: Record<ByProgram, readonly string[]> = {
  // -T0 decodes blocks side by side where the file has several.
  xz: ['xz', '-d', '-c', '-q', '-q', '-T0'],
  // Not lbzip2: it silently leaves out what follows a stream and starts wrongly. bzip2 says so.
  bz2: ['bzip2', '-d', '-c'],
};

/** The program for a format, with arguments; undefined when it is not installed. */
export function findProgram(format: ByProgram, path = process.env['PATH'] ?? ''): readonly string[] | undefined {
  const [name = ''] = programs[format];
  return path.split(':').some((folder) => isExecutable(join(folder, name))) ? programs[format] : undefined;
}

export function programName(format: ByProgram): string {
  return programs[format][0] ?? '';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
