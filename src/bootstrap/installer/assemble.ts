import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { unfinishedPrefix } from '../process/unfinished.ts';
import type { Architecture } from './architecture.ts';
import { collectKernel, type KernelParts } from './kernel.ts';
import type { Contents } from './pack.ts';
import { PackageRoot } from './package-root.ts';
import { addLibraries, collectFiles } from './programs.ts';
import type { Recipe } from './recipe.ts';
import { skeleton } from './skeleton.ts';
import type { TreeEntry } from './tree.ts';

export interface Ingredients {
  readonly architecture: Architecture;
  readonly recipe: Recipe;
  /** Files of the packages with programs and libraries, and of the one with the kernel. */
  readonly debs: readonly string[];
  readonly kernelDeb: string;
  readonly node: Buffer;
  readonly agent: ReadonlyMap<string, TreeEntry>;
  readonly ownFiles: ReadonlyMap<string, TreeEntry>;
}

export interface AssembleOptions {
  /** A folder to unpack in. */
  readonly scratch: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Puts the parts together. Throws `INSTALLER_INCOMPLETE` with everything that is missing. */
export async function assemble(
  { architecture, recipe, debs, kernelDeb, node, agent, ownFiles }: Ingredients,
  { scratch, environment, signal }: AssembleOptions,
): Promise<{ kernel: KernelParts; contents: Contents }> {
  const folder = await mkdtemp(join(scratch, unfinishedPrefix));
  try {
    const kernelRoot = new PackageRoot(join(folder, 'kernel'));
    const root = new PackageRoot(join(folder, 'root'));
    await kernelRoot.unpack([kernelDeb], environment, signal);
    await root.unpack(debs, environment, signal);
    const kernel = await collectKernel(kernelRoot, recipe.modules);
    const collected = await collectFiles(root, recipe.packages, kernel.firmware);
    collected.entries.set('usr/bin/node', { kind: 'file', data: node, executable: true });
    await addLibraries(collected, root, architecture);
    collected.entries.delete('usr/bin/node');
    const problems = [...kernel.problems, ...collected.problems];
    if (problems.length > 0) {
      throw new CaptError('INSTALLER_INCOMPLETE', { architecture: architecture.name, problems: problems.join('\n') });
    }
    const all = new Map<string, TreeEntry>([...collected.entries, ...kernel.entries]);
    all.set('usr/bin/node', { kind: 'file', data: node, executable: true });
    const opening = new Set([
      'usr/bin/busybox',
      ...kernel.opening.map((path) => `usr/lib/modules/${kernel.version}/${path}`),
    ]);
    // What lies elsewhere than in /usr has no place in the packed part.
    const isFirst = ([path]: [string, TreeEntry]) => opening.has(path) || !path.startsWith('usr/');
    const modules = kernel.opening.map((path) => `/usr/lib/modules/${kernel.version}/${path}\n`).join('');
    const first = new Map<string, TreeEntry>([
      ...skeleton(architecture),
      ...[...all].filter(isFirst),
      ['usr/lib/capt/opening-modules', { kind: 'file', data: Buffer.from(modules), executable: false }],
      ...agent,
      ...ownFiles,
    ]);
    const system = new Map([...all].filter((each) => !isFirst(each)));
    return { kernel, contents: { first, system } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
