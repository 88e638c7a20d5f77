import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { which } from '../local/build/which.ts';
import { runCommand } from '../process/command.ts';
import { type DebianPackage, kernelPackageIn, parsePrintedUris } from './apt-list.ts';

export interface AptOptions {
  /** Where apt keeps its lists and what it has downloaded. */
  readonly folder: string;
  /** Debian's name. */
  readonly architecture: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Debian packages of any architecture from the sources of this machine, by apt with a state of its own: no root, nothing
 * of what is installed here counts, nothing is installed. Signatures and digests are checked by apt.
 */
export class Apt {
  readonly #options: AptOptions;
  readonly #settings: string[];

  constructor(options: AptOptions) {
    this.#options = options;
    const { folder, architecture } = options;
    const settings = {
      'Dir::State': folder,
      'Dir::State::lists': join(folder, 'lists'),
      // Empty: as if nothing was installed, so that everything needed gets named.
      'Dir::State::status': join(folder, 'status'),
      'Dir::Cache': join(folder, 'cache'),
      'Debug::NoLocking': '1',
      'APT::Architecture': architecture,
      'APT::Architectures': architecture,
      'APT::Sandbox::User': '',
      'Acquire::Languages': 'none',
      'APT::Install-Recommends': '0',
    };
    this.#settings = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  }

  /** Gets the lists of packages when there are none, or anew. */
  async prepare(anew: boolean): Promise<void> {
    const { folder, environment, report } = this.#options;
    for (const tool of ['apt-get', 'dpkg-deb']) {
      if ((await which(tool, environment)) === undefined) throw new CaptError('INSTALLER_TOOL_MISSING', { tool });
    }
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    await mkdir(join(folder, 'debs'), { recursive: true });
    await writeFile(join(folder, 'status'), '');
    const lists = await readdir(join(folder, 'lists'));
    if (!anew && lists.some((name) => /_Packages(\.\w+)?$/.test(name))) return;
    report('getting the lists of Debian packages');
    // One source of several may be out of reach; whether that matters shows when packages are looked for.
    await this.#run('apt-get', ['update'], { step: 'apt-get update', mayFail: true });
  }

  /** The package with the newest kernel, from one that depends on it or is it. */
  async kernelPackage(name: string): Promise<string> {
    const lines = await this.#run('apt-cache', ['depends', name], { step: `looking for the package ${name}` });
    return kernelPackageIn(lines) ?? name;
  }

  /** Packages with everything they depend on. */
  async resolve(names: readonly string[]): Promise<DebianPackage[]> {
    const step = `looking for the packages ${names.join(', ')}`;
    return parsePrintedUris(await this.#run('apt-get', ['-y', '--print-uris', 'install', ...names], { step }));
  }

  /** One package alone. */
  async only(name: string): Promise<DebianPackage> {
    const step = `looking for the package ${name}`;
    const [found] = parsePrintedUris(await this.#run('apt-get', ['--print-uris', 'download', name], { step }));
    if (found !== undefined) return found;
    throw new CaptError('INSTALLER_PACKAGES_FAILED', { step, output: `apt says nothing about ${name}` });
  }

  /** Downloads what is not there yet. @returns the files, in the order of the packages */
  async download(packages: readonly DebianPackage[]): Promise<string[]> {
    const cwd = join(this.#options.folder, 'debs');
    const there = new Set(await readdir(cwd));
    const missing = packages.filter(({ file }) => !there.has(file));
    if (missing.length > 0) {
      const megabytes = Math.round(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1e6);
      this.#options.report(`downloading ${missing.length} packages, ${megabytes} MB`);
      const wanted = missing.map(({ name, version }) => `${name}=${version}`);
      await this.#run('apt-get', ['download', ...wanted], { step: `downloading ${wanted.join(', ')}`, cwd });
    }
    return packages.map(({ file }) => join(cwd, file));
  }

  async #run(
    program: string,
    args: readonly string[],
    { step, cwd, mayFail = false }: { step: string; cwd?: string; mayFail?: boolean },
  ): Promise<string[]> {
    const { environment, signal } = this.#options;
    const result = await runCommand(program, [...this.#settings, '-q', ...args], {
      environment: { ...environment, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      signal,
      endsWithUs: true,
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (result.exitCode === 0 || mayFail) return result.stdout;
    throw new CaptError('INSTALLER_PACKAGES_FAILED', { step, output: result.tail.slice(-10).join('\n') });
  }
}
