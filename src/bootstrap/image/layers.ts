import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Architecture } from '../installer/architecture.ts';
import { PackageRoot } from '../installer/package-root.ts';
import { addLibraries, type Collected } from '../installer/programs.ts';
import type { LayerName } from './container-images.ts';
import type { Layer } from './oci-archive.ts';
import type { Tools } from './tools.ts';

/** Names under which the one binary runs, on the machine and in containers. */
export const programNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubeadm',
  'kubectl',
  'virtual-ip',
] as const;

/** What kube-proxy calls; the names are links to the first. */
const tablesProgram = '/usr/sbin/xtables-nft-multi';
const tablesNames = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
const otherPrograms = ['/usr/sbin/conntrack'];

export interface LayerOptions {
  /** Root file system whose programs go into containers too. */
  readonly root: string;
  /** Folder with `kube`, `coredns` and `pause`. */
  readonly programs: string;
  readonly architecture: Architecture;
  /** An empty folder to work in. */
  readonly scratch: string;
  /** Folder for the archives, which get their sha256 as name. */
  readonly blobs: string;
  readonly tools: Tools;
}

/** Makes the layers of the container images, each a tar archive in `blobs`. */
export async function makeLayers(options: LayerOptions): Promise<Record<LayerName, Layer>> {
  const { programs, scratch } = options;
  await mkdir(options.blobs, { recursive: true });
  const folder = (name: LayerName) => join(scratch, name);
  await kubernetesFiles(folder('kubernetes'), options);
  for (const name of ['coredns', 'pause'] as const) await install(join(programs, name), join(folder(name), name));
  return {
    kubernetes: await pack(folder('kubernetes'), options),
    coredns: await pack(folder('coredns'), options),
    pause: await pack(folder('pause'), options),
  };
}

async function kubernetesFiles(folder: string, { root, programs, architecture }: LayerOptions): Promise<void> {
  const own = join(folder, 'usr/local/bin');
  await install(join(programs, 'kube'), join(own, 'kube'));
  for (const name of programNames) await symlink('kube', join(own, name));
  const packages = new PackageRoot(root);
  const collected: Collected = { entries: new Map(), problems: [] };
  const extensions = `/usr/lib/${architecture.libraries}/xtables`;
  const files = (await readdir(join(root, extensions))).map((name) => `${extensions}/${name}`);
  for (const path of [tablesProgram, ...otherPrograms, ...files]) {
    const data = await packages.read(path);
    if (data === undefined) collected.problems.push(`there is no ${path}`);
    else collected.entries.set(path.slice(1), { kind: 'file', data, executable: true });
  }
  await addLibraries(collected, packages, architecture);
  if (collected.problems.length > 0) throw new Error(`containers lack files: ${collected.problems.join('; ')}`);
  for (const [path, entry] of collected.entries) {
    if (entry.kind !== 'file') continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), entry.data, { mode: 0o755 });
  }
  for (const name of tablesNames) await symlink('xtables-nft-multi', join(folder, 'usr/sbin', name));
  for (const name of ['lib', 'lib64', 'sbin']) {
    await mkdir(join(folder, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(folder, name));
  }
  // kube-proxy and its programs lock and keep things there.
  for (const name of ['run', 'tmp', 'etc', 'var/lib']) await mkdir(join(folder, name), { recursive: true });
  await chmod(join(folder, 'tmp'), 0o1777);
}

async function install(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, 0o755);
}

async function pack(folder: string, { blobs, tools }: LayerOptions): Promise<Layer> {
  const archive = join(blobs, 'layer.tar');
  const plain = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  await tools.run('packing a layer', 'tar', [...plain, '-cf', archive, '-C', folder, '.']);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  const sha256 = hash.digest('hex');
  await rename(archive, join(blobs, sha256));
  return { sha256, sizeBytes: (await stat(join(blobs, sha256))).size };
}
