import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unfinishedPrefix } from '../process/unfinished.ts';
import type { Recipe } from './recipe.ts';
import type { Tools } from './tools.ts';

export interface RootArchive {
  /** A tar archive of an installed Debian, compressed by zstd. */
  readonly file: string;
  /** `name=version` of each package, sorted. */
  readonly packages: readonly string[];
}

export interface RootArchiveOptions {
  readonly folder: string;
  readonly tools: Tools;
  readonly update: boolean;
  readonly report: (line: string) => void;
}

/** Left out of every package: nobody reads them on a node. */
const leftOut = ['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/doc/*'];
/** Except what licences ask for. */
const kept = ['/usr/share/doc/*/copyright'];

/**
 * Debian with the packages of a recipe: the one of the first time, or with `update` a new one. Everything else of the recipe
 * comes on top, so that trying other settings takes no downloads.
 */
export async function rootArchive(recipe: Recipe, options: RootArchiveOptions): Promise<RootArchive> {
  const { folder, update } = options;
  const { debian, packages } = recipe;
  const key = createHash('sha256')
    .update(JSON.stringify([debian, packages, leftOut, kept]))
    .digest('hex')
    .slice(0, 16);
  const finished = join(folder, `root-${key}`);
  const known = update ? undefined : await readFile(join(finished, 'packages'), 'utf8').catch(() => undefined);
  const listed = known ?? (await make(recipe, finished, options));
  return { file: join(finished, 'root.tar.zst'), packages: listed.trim().split('\n') };
}

async function make(recipe: Recipe, finished: string, { tools, report }: RootArchiveOptions): Promise<string> {
  const { suite, mirror, components } = recipe.debian;
  report(`installing Debian ${suite} with ${recipe.packages.length} packages and what they need`);
  const unfinished = join(dirname(finished), `${unfinishedPrefix}${basename(finished)}`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const archive = join(unfinished, 'root.tar');
    const list = join(unfinished, 'packages');
    const args = [
      '--mode=root',
      '--variant=minbase',
      `--components=${components.join(',')}`,
      `--include=${recipe.packages.join(',')}`,
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=APT::Install-Recommends "false"',
      ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
      ...kept.map((path) => `--dpkgopt=path-include=${path}`),
      `--customize-hook=dpkg-query --admindir="$1/var/lib/dpkg" -W -f '\${Package}=\${Version}\\n' >'${list}'`,
      suite,
      archive,
      ...sources(suite, mirror, components),
    ];
    await tools.runAlone(`installing Debian ${suite}`, 'mmdebstrap', args, {
      environment: { TMPDIR: unfinished },
      onLine: (line) => {
        const told = /^I: (running|downloading|extracting|installing|creating)\b.*/.exec(line)?.[0].slice(3);
        if (told !== undefined) report(`Debian: ${told}`);
      },
    });
    await tools.run('compressing Debian', 'zstd', ['-q', '-T0', '-1', '--rm', archive, '-o', `${archive}.zst`]);
    const packages = (await readFile(list, 'utf8')).split('\n').filter(Boolean).sort().join('\n');
    await writeFile(list, `${packages}\n`, { flush: true });
    await rm(finished, { recursive: true, force: true });
    await rename(unfinished, finished);
    return packages;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** A release comes with its updates; what is not released yet has none. */
function sources(suite: string, mirror: string, components: readonly string[]): string[] {
  const line = (url: string, name: string) => `deb ${url} ${name} ${components.join(' ')}`;
  const main = line(mirror, suite);
  if (suite === 'sid' || suite === 'unstable') return [main];
  const security = mirror.replace(/\/debian\/?$/, '/debian-security');
  return [
    main,
    line(mirror, `${suite}-updates`),
    ...(security === mirror ? [] : [line(security, `${suite}-security`)]),
  ];
}
