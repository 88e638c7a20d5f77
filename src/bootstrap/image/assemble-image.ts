import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Architecture } from '../installer/architecture.ts';
import { goArchitecture } from '../local/build/go-module.ts';
import { pauseImageOf, planImages } from './container-images.ts';
import { makeDisk, uuidOf } from './disk.ts';
import { furnishRoot, sharePrograms } from './image-root.ts';
import { importImages } from './import-images.ts';
import { makeLayers } from './layers.ts';
import { ociLayout } from './oci-archive.ts';
import type { Recipe } from './recipe.ts';
import type { RootArchive } from './root-archive.ts';
import type { Tools } from './tools.ts';

export interface Ingredients {
  readonly recipe: Recipe;
  readonly architecture: Architecture;
  readonly debian: RootArchive;
  /** `directory` holds `kube`, `coredns` and `pause`. */
  readonly kubernetes: { readonly version: string; readonly directory: string };
  readonly containerdPrograms: string;
  /** Decides identifiers of the disk and its file systems. */
  readonly seed: string;
  /** Where the compressed image goes. */
  readonly file: string;
  /** A folder on the same file system, for two to three times the size of the image unpacked. */
  readonly scratch: string;
  readonly tools: Tools;
  readonly report: (line: string) => void;
}

/** Puts the parts together into one compressed disk. */
export async function assembleImage(parts: Ingredients): Promise<{ rawSizeBytes: number; containerImages: string[] }> {
  const { recipe, architecture, debian, scratch, tools, report, seed } = parts;
  const root = join(scratch, 'root');
  await mkdir(root);
  report('unpacking Debian');
  const unpack = ['--numeric-owner', '--xattrs', '--xattrs-include=*', '-I', 'zstd', '-xf', debian.file, '-C', root];
  await tools.run('unpacking Debian', 'tar', unpack);
  report('packing the programs of Kubernetes into container images');
  const { archive, names, pauseImage } = await makeContainerImages(root, parts);
  const archives = [archive, ...recipe.containerImages];
  await importImages({ root, programs: parts.containerdPrograms, archives, scratch, tools });
  await rm(dirname(archive), { recursive: true });
  await sharePrograms(root);
  const rootUuid = uuidOf(`${seed} root`);
  const grub = { rootUuid, kernelArguments: recipe.kernelArguments, menuSeconds: recipe.bootMenuSeconds };
  await furnishRoot({ root, recipe, grub, containerdPrograms: parts.containerdPrograms, pauseImage });
  report('making the disk');
  const raw = join(scratch, 'disk.raw');
  const { freeMegabytes } = recipe;
  await makeDisk({ root, rootUuid, seed, freeMegabytes, architecture, file: raw, scratch, tools });
  await rm(root, { recursive: true });
  const rawSizeBytes = (await stat(raw)).size;
  report(`compressing ${Math.round(rawSizeBytes / 1e6)} MB`);
  const { compressionLevel } = recipe;
  await tools.run('compressing the image', 'zstd', ['-q', '-T0', `-${compressionLevel}`, raw, '-o', parts.file]);
  await rm(raw);
  return { rawSizeBytes, containerImages: names };
}

async function makeContainerImages(root: string, { kubernetes, architecture, scratch, tools }: Ingredients) {
  const folder = join(scratch, 'images');
  const layout = join(folder, 'layout');
  const blobs = join(layout, 'blobs/sha256');
  const kubeadm = ['kubeadm', 'config', 'images', 'list', '--kubernetes-version', kubernetes.version];
  const listed = await tools.run('asking kubeadm for its images', join(kubernetes.directory, 'kube'), kubeadm);
  const planned = planImages(listed.stdout);
  const programs = kubernetes.directory;
  const layers = await makeLayers({ root, programs, architecture, scratch: join(folder, 'layers'), blobs, tools });
  const images = planned.map((image) => ({ ...image, layers: image.layers.map((name) => layers[name]) }));
  for (const [path, content] of ociLayout(images, goArchitecture(process.arch))) {
    await writeFile(join(layout, path), content);
  }
  const archive = join(folder, 'images.tar');
  await tools.run('packing container images', 'tar', ['-cf', archive, '-C', layout, '.']);
  await rm(layout, { recursive: true });
  return { archive, names: planned.map(({ name }) => name), pauseImage: pauseImageOf(planned) };
}
