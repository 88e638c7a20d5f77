import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { Architecture } from './architecture.ts';
import type { CpioEntry } from './cpio.ts';
import { collectKernel, type KernelParts } from './kernel.ts';
import type { Layer } from './layers.ts';
import { PackageRoot } from './package-root.ts';
import { addLibraries, collectFiles } from './programs.ts';
import type { Recipe } from './recipe.ts';
import { skeleton } from './skeleton.ts';

export interface Ingredients {
  readonly architecture: Architecture;
  readonly recipe: Recipe;
  /** Files of the packages with programs and libraries, and of the one with the kernel. */
  readonly debs: readonly string[];
  readonly kernelDeb: string;
  readonly node: Buffer;
  readonly agent: ReadonlyMap<string, CpioEntry>;
  readonly ownFiles: ReadonlyMap<string, CpioEntry>;
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
): Promise<{ kernel: KernelParts; layers: Layer[] }> {
  const folder = await mkdtemp(join(scratch, 'unpacked-'));
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
    const base = new Map([...skeleton(architecture), ...collected.entries, ...kernel.entries]);
    const layers = [
      { name: 'programs and kernel modules', entries: base },
      { name: 'Node', entries: new Map([['usr/bin/node', { kind: 'file', data: node, executable: true } as const]]) },
      { name: 'the agent', entries: new Map([...agent, ...ownFiles]) },
    ];
    return { kernel, layers };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
