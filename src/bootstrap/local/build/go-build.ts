import { dirname, join } from 'node:path';
import { type CommandOptions, type CommandResult, runCommand } from '../../process/command.ts';
import { buildFailure } from './build-failure.ts';
import { BuildProgress } from './build-progress.ts';
import type { GoModule } from './go-module.ts';
import { type GoProduct, productFlags } from './go-product.ts';
import { copySources } from './go-sources.ts';

export interface GoBuildOptions {
  go: string;
  product: GoProduct;
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

/** Compiles and links the product's binaries into `folder`, and copies the sources that go with them. Throws the errors of `buildFailure`. */
export async function goBuild(options: GoBuildOptions): Promise<void> {
  const { folder, module, product, report, reportIntervalMs } = options;
  const started = performance.now();
  const progress = new BuildProgress();
  const timer = setInterval(() => report(progress.describe((performance.now() - started) / 1000)), reportIntervalMs);
  try {
    const flags = [
      '-trimpath',
      '-buildvcs=false',
      '-mod=readonly',
      `-ldflags=${productFlags(product, module.version)}`,
    ];
    const targets = Object.values(product.binaries);
    const list = ['list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...flags, ...targets];
    const listed = await step('downloading modules', list, options, progress);
    progress.setTotal(listed.stdout.filter((line) => line !== '').length);
    for (const [binary, target] of Object.entries(product.binaries)) {
      await step('compiling', ['build', '-v', ...flags, '-o', join(folder, binary), target], options, progress);
    }
    for (const [name, source] of Object.entries(product.sources)) {
      const where = ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', source.module];
      const located = await step('looking for sources', where, options, progress);
      await copySources(located.stdout[0] ?? '', source.paths, join(folder, name));
    }
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
  const { go, module, product, folder, signal } = options;
  const settings: CommandOptions = {
    cwd: module.directory,
    environment: goEnvironment(options),
    signal,
    endsWithUs: true,
    onLine: (line, stream) => {
      if (stream === 'stderr') progress.add(line);
    },
  };
  const result = await runCommand(go, args, settings);
  if (result.exitCode !== 0)
    throw buildFailure({
      title: product.title,
      step: name,
      exitCode: result.exitCode,
      tail: result.tail,
      path: dirname(folder),
    });
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
