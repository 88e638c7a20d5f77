import { dirname, join } from 'node:path';
import { type CommandOptions, type CommandResult, runCommand } from '../process/command.ts';
import { binaryName } from './build-cache.ts';
import { buildFailure } from './build-failure.ts';
import { BuildProgress } from './build-progress.ts';
import { type GoModule, linkerFlags } from './go-module.ts';

export interface GoBuildOptions {
  go: string;
  module: GoModule;
  /** Go's name of the architecture, `amd64`. */
  architecture: string;
  /** Existing folder for the binary and for Go's temporary files. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  report: (line: string) => void;
  /** Time between two progress lines. */
  reportIntervalMs: number;
  signal?: AbortSignal | undefined;
}

const target = './control-plane';

/** Compiles and links the Go module into `folder`. Throws the errors of `buildFailure`. */
export async function goBuild(options: GoBuildOptions): Promise<void> {
  const { folder, module, report, reportIntervalMs } = options;
  const started = performance.now();
  const progress = new BuildProgress();
  const timer = setInterval(() => report(progress.describe((performance.now() - started) / 1000)), reportIntervalMs);
  try {
    const flags = [
      '-trimpath',
      '-buildvcs=false',
      '-mod=readonly',
      `-ldflags=${linkerFlags(module.kubernetesVersion)}`,
    ];
    const list = ['list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...flags, target];
    const listed = await step('downloading modules', list, options, progress);
    progress.setTotal(listed.stdout.filter((line) => line !== '').length);
    await step('compiling', ['build', '-v', ...flags, '-o', join(folder, binaryName), target], options, progress);
  } finally {
    clearInterval(timer);
  }
}

async function step(
  name: string,
  args: string[],
  options: GoBuildOptions,
  progress: BuildProgress,
): Promise<CommandResult> {
  const { go, module, folder, signal } = options;
  const settings: CommandOptions = {
    cwd: module.directory,
    environment: goEnvironment(options),
    signal,
    onLine: (line, stream) => {
      if (stream === 'stderr') progress.add(line);
    },
  };
  const result = await runCommand(go, args, settings);
  if (result.exitCode !== 0)
    throw buildFailure({ step: name, exitCode: result.exitCode, tail: result.tail, path: dirname(folder) });
  return result;
}

/** The user's Go settings (proxy, caches) stay; what would change the binary does not. */
function goEnvironment({ environment, architecture, folder }: GoBuildOptions): NodeJS.ProcessEnv {
  return {
    ...environment,
    GOTOOLCHAIN: 'local',
    GOFLAGS: '',
    GOWORK: 'off',
    GOOS: 'linux',
    GOARCH: architecture,
    CGO_ENABLED: '0',
    // Inside the folder that is cleaned up when we are killed.
    GOTMPDIR: folder,
  };
}
