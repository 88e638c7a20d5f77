import { createHash } from 'node:crypto';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { DebianPackage } from './apt-list.ts';
import type { KernelParts } from './kernel.ts';
import type { PackedPart } from './pack.ts';

/** `installer-<arch>.json` beside kernel and initramfs: what they are made of. Holds no times, so that it is the same too. */
export interface Manifest {
  readonly architecture: string;
  readonly kernel: { readonly version: string; readonly package: string; readonly modules: number };
  readonly node: string;
  /** `name=version` */
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
  readonly layers: readonly { readonly name: string; readonly sizeBytes: number; readonly unpackedBytes: number }[];
}

export interface ManifestParts {
  readonly architecture: string;
  readonly kernel: KernelParts;
  readonly kernelPackage: DebianPackage;
  readonly nodeVersion: string;
  readonly packages: readonly DebianPackage[];
  readonly layers: readonly PackedPart[];
  readonly files: Readonly<Record<string, Buffer>>;
}

export function manifestOf(parts: ManifestParts): Manifest {
  const { architecture, kernel, kernelPackage, nodeVersion, packages, layers, files } = parts;
  const described = Object.entries(files).map(([name, data]): [string, Manifest['files'][string]] => [
    name,
    { sizeBytes: data.length, sha256: createHash('sha256').update(data).digest('hex') },
  ]);
  return {
    architecture,
    kernel: { version: kernel.version, package: versioned(kernelPackage), modules: kernel.moduleCount },
    node: nodeVersion,
    packages: packages.map(versioned),
    files: Object.fromEntries(described),
    layers: layers.map(({ name, data, unpackedBytes }) => ({ name, sizeBytes: data.length, unpackedBytes })),
  };
}

/** Throws `INSTALLER_NOT_REPRODUCIBLE` with every file that is not the same in both. */
export function expectSame(first: Manifest, second: Manifest): void {
  const names = [...new Set([...Object.keys(first.files), ...Object.keys(second.files)])].sort();
  const differences = names.flatMap((name) => {
    const [before, after] = [first, second].map(({ files }) => files[name]?.sha256 ?? 'missing');
    return before === after ? [] : [`${name}: sha256 ${before}, then ${after}`];
  });
  const { architecture } = first;
  if (differences.length === 0) return;
  throw new CaptError('INSTALLER_NOT_REPRODUCIBLE', { architecture, differences: differences.join('\n') });
}

/** How apt names one version of a package. */
export function versioned({ name, version }: DebianPackage): string {
  return `${name}=${version}`;
}
