import { isAbsolute, join, resolve } from 'node:path';

/** What the environment decides. The only other place for settings is the command line. */
export interface Settings {
  /** What can be made again at any time: `CAPT_CACHE_DIR`, else `capt` in the user's cache folder. */
  readonly cacheDirectory: string;
  /** What has to survive: `capt` in the user's state folder. */
  readonly stateDirectory: string;
  /** `KUBEBUILDER_ASSETS`: release binaries to use instead of a build. */
  readonly assetsDirectory: string | undefined;
}

/** Reads the settings from the environment; relative XDG folders are ignored, as their specification says. */
export function readSettings(environment: NodeJS.ProcessEnv, home: string): Settings {
  const xdg = (variable: string, fallback: string) => {
    const value = environment[variable] ?? '';
    return join(isAbsolute(value) ? value : join(home, fallback), 'capt');
  };
  return {
    cacheDirectory: absolute(environment['CAPT_CACHE_DIR']) ?? xdg('XDG_CACHE_HOME', '.cache'),
    stateDirectory: xdg('XDG_STATE_HOME', '.local/state'),
    assetsDirectory: absolute(environment['KUBEBUILDER_ASSETS']),
  };
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined || path === '' ? undefined : resolve(path);
}
