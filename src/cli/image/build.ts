import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildImage, type OsImage } from '../../bootstrap/image/build-image.ts';
import { emulatedSettings } from '../../bootstrap/image/inputs.ts';
import { fileFailure } from '../../bootstrap/process/file-failure.ts';
import { catchInterrupts } from '../interrupt.ts';
import { readSettings } from '../settings.ts';

export interface ImageFlags {
  settings?: string[];
  packages?: string[];
  emulated?: boolean;
  out?: string;
  update?: boolean;
  again?: boolean;
}

/** `capt image build`: progress and sizes on standard error, the path of the image on standard output. */
export async function build(flags: ImageFlags): Promise<void> {
  using interrupt = catchInterrupts();
  const started = performance.now();
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`.padStart(6);
  const report = (line: string) => void process.stderr.write(`${seconds()}  ${line}\n`);
  const image = await buildImage({
    cacheDirectory: readSettings(process.env, homedir()).cacheDirectory,
    environment: process.env,
    settings: [...(flags.emulated === true ? [emulatedSettings] : []), ...(flags.settings ?? [])],
    packages: flags.packages ?? [],
    update: flags.update ?? false,
    anew: flags.again ?? false,
    report,
    signal: interrupt.signal,
  });
  for (const line of describe(image)) report(line);
  const folder = flags.out === undefined ? image.directory : await copyTo(resolve(flags.out), image.directory);
  process.stdout.write(`${join(folder, image.file)}\n`);
}

async function copyTo(folder: string, from: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(from)) await copyFile(join(from, name), join(folder, name));
    return folder;
  } catch (error) {
    throw fileFailure(error, folder, 'copying the image', { setting: '--out', neededGigabytes: 1 });
  }
}

function describe(image: OsImage): string[] {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    `Debian ${image.suite}, ${image.packages.length} packages, Kubernetes ${image.kubernetesVersion}, containerd ${image.containerdVersion}`,
    `${megabytes(image.sizeBytes)}, ${megabytes(image.rawSizeBytes)} on disk, sha256 ${image.sha256}`,
  ];
}
