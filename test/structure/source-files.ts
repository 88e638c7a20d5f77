import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** Path from the root of the checkout, with `/`. */
  path: string;
  text: string;
  lines: number;
  /** Paths (from the root) of the project's files that this one imports, types included. */
  imports: string[];
}

/** Every TypeScript file under `folder`, in a stable order. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => read(join(root, folder, name)));
}

function read(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const imports = [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)|^import\s+'(\.[^']+)'/gm,
    ),
  ]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((specifier) => fromRoot(join(dirname(file), specifier)));
  return { path: fromRoot(file), text, lines: text.split('\n').length - 1, imports };
}

function fromRoot(file: string): string {
  return relative(root, file).split(sep).join('/');
}
