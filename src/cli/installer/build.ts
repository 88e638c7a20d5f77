import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ArchitectureName, ownArchitecture } from '../../bootstrap/installer/architecture.ts';
import { buildInstaller } from '../../bootstrap/installer/build-installer.ts';
import type { Manifest } from '../../bootstrap/installer/manifest.ts';
import { fileFailure } from '../../bootstrap/process/file-failure.ts';
import { catchInterrupts } from '../interrupt.ts';
import { readSettings } from '../settings.ts';

export interface InstallerFlags {
  arch?: ArchitectureName;
  recipe?: string[];
  out?: string;
  update?: boolean;
  check?: boolean;
}

/** `capt installer build`: progress and sizes on standard error, the folder on standard output. */
export async function build(flags: InstallerFlags): Promise<void> {
  using interrupt = catchInterrupts();
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const installer = await buildInstaller({
    cacheDirectory: readSettings(process.env, homedir()).cacheDirectory,
    environment: process.env,
    architecture: flags.arch ?? ownArchitecture(process.arch),
    recipes: flags.recipe ?? [],
    update: flags.update ?? false,
    check: flags.check ?? false,
    report,
    signal: interrupt.signal,
  });
  for (const line of describe(installer.manifest)) report(line);
  const folder = flags.out === undefined ? installer.directory : await copyTo(resolve(flags.out), installer.directory);
  process.stdout.write(`${folder}\n`);
}

async function copyTo(folder: string, from: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(from)) await copyFile(join(from, name), join(folder, name));
    return folder;
  } catch (error) {
    throw fileFailure(error, folder, 'copying the installer', { setting: '--out', neededGigabytes: 1 });
  }
}

function describe({ files, layers, kernel, node }: Manifest): string[] {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const sizes = Object.entries(files).map(([name, { sizeBytes, sha256 }]) => {
    return `${name.padEnd(20)} ${megabytes(sizeBytes).padStart(9)}  sha256 ${sha256}`;
  });
  const parts = layers.map(({ name, sizeBytes, unpackedBytes }) => {
    return `  ${name}: ${megabytes(sizeBytes)}, ${megabytes(unpackedBytes)} unpacked`;
  });
  return [...sizes, ...parts, `kernel ${kernel.version} with ${kernel.modules} modules, Node ${node}`];
}
