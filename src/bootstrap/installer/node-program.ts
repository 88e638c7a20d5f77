import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { Architecture } from './architecture.ts';
import { withoutSymbols } from './elf.ts';
import { withoutLanguages } from './icu-data.ts';

/** The Node that goes into the installer: the one that package.json pins, without its symbols and most languages. */
export async function readNode(architecture: Architecture): Promise<{ version: string; program: Buffer }> {
  const require = createRequire(import.meta.url);
  const pinned = require('../../../package.json') as { optionalDependencies: Record<string, string> };
  const { node: name } = architecture;
  const version = pinned.optionalDependencies[name] ?? '';
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return { version, program: withoutLanguages(withoutSymbols(await readFile(join(folder, 'bin', 'node')))) };
  } catch (cause) {
    const details = { architecture: architecture.name, package: name, version };
    throw new CaptError('INSTALLER_NODE_MISSING', details, { cause });
  }
}
