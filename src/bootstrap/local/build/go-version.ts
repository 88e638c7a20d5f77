import { runCommand } from '../../process/command.ts';

/** The `1.26.8` in the output of `go version`; `undefined` for anything else (development builds included). */
export function parseGoVersion(output: string): string | undefined {
  return /\bgo(\d+\.\d+(?:\.\d+)?)(?:rc\d+|beta\d+)?\b/.exec(output)?.[1];
}

/** Whether `version` (`1.27.0`) is at least `minimum` (`1.26`). */
export function isAtLeast(version: string, minimum: string): boolean {
  const have = version.split('.').map(Number);
  const want = minimum.split('.').map(Number);
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The version of a `go` command by its own word, without letting it fetch another toolchain. */
export async function goVersion(
  go: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runCommand(go, ['version'], {
      cwd: '/',
      environment: { ...environment, GOTOOLCHAIN: 'local' },
      signal,
    });
    return exitCode === 0 ? parseGoVersion(stdout.join('\n')) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
