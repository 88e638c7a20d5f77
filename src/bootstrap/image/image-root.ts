import { chmod, glob, link, mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type GrubOptions, grubConfig } from './grub-config.ts';
import { ownFilesFolder } from './inputs.ts';
import { programNames } from './layers.ts';
import type { Recipe } from './recipe.ts';

export interface RootOptions {
  /** The root file system to change. */
  readonly root: string;
  readonly recipe: Recipe;
  readonly grub: GrubOptions;
  /** Folder with `containerd` and its companions. */
  readonly containerdPrograms: string;
  /** `registry.k8s.io/pause:3.10.2` */
  readonly pauseImage: string;
}

/** Everything in an image that comes from no Debian package and is no container image. */
export async function furnishRoot(options: RootOptions): Promise<void> {
  const { root, recipe, grub } = options;
  await copyOwnFiles(options);
  const containerd = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
  for (const name of containerd) {
    await put(root, `/usr/local/bin/${name}`, await readFile(join(options.containerdPrograms, name)), 0o755);
  }
  await put(root, '/boot/grub/grub.cfg', grubConfig(grub));
  await put(root, '/etc/fstab', `UUID=${grub.rootUuid} / ext4 defaults,x-systemd.growfs 0 1\n`);
  // Names and identities that a machine gets at its first boot, and traces of the machine that built this.
  await put(root, '/etc/machine-id', '');
  await put(root, '/etc/hostname', '');
  await put(root, '/etc/hosts', '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n');
  await replaceByLink(root, '/etc/resolv.conf', '../run/systemd/resolve/stub-resolv.conf');
  await rm(join(root, 'var/lib/dbus/machine-id'), { force: true });
  for (const name of await readdir(join(root, 'etc/ssh')).catch(() => [])) {
    if (/^ssh_host_/.test(name)) await rm(join(root, 'etc/ssh', name));
  }
  for (const name of recipe.units.mask) {
    await replaceByLink(root, name.startsWith('/') ? name : `/etc/systemd/system/${name}`, '/dev/null');
  }
  await removeFiles(root, recipe);
  await copyUserFiles(root, recipe);
  for (const unit of recipe.units.enable) await enable(root, unit.includes('.') ? unit : `${unit}.service`);
  // Newer than /usr: else systemd makes the caches of libraries, hardware and messages anew at first boot.
  for (const path of ['/etc/.updated', '/var/.updated']) await put(root, path, '');
}

/** Gives the programs of Kubernetes on the machine and those in its containers the same bytes on disk and in memory. */
export async function sharePrograms(root: string): Promise<void> {
  const snapshots = join(root, 'var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots');
  for (const id of await readdir(snapshots)) {
    const kube = join(snapshots, id, 'fs/usr/local/bin/kube');
    if (!(await isFile(kube))) continue;
    await mkdir(join(root, 'usr/local/bin'), { recursive: true });
    await link(kube, join(root, 'usr/local/bin/kube'));
    for (const name of programNames) await symlink('kube', join(root, 'usr/local/bin', name));
    return;
  }
  throw new Error(`no snapshot in ${snapshots} has the programs of Kubernetes`);
}

async function copyOwnFiles({ root, pauseImage }: RootOptions): Promise<void> {
  for (const entry of await readdir(ownFilesFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const text = (await readFile(from, 'utf8')).replaceAll('@PAUSE_IMAGE@', pauseImage);
    await put(root, from.slice(ownFilesFolder.length), text, (await stat(from)).mode & 0o777);
  }
}

async function removeFiles(root: string, { remove }: Recipe): Promise<void> {
  const inside = `${await realpath(root)}/`;
  for (const pattern of remove) {
    for await (const path of glob(pattern.slice(1), { cwd: root })) {
      const at = join(root, path);
      // A link to a folder may lead out of the image.
      if (!`${await realpath(dirname(at))}/`.startsWith(inside)) {
        const problems = `  remove: ${pattern} leads out of the image`;
        throw new CaptError('IMAGE_RECIPE_INVALID', { file: 'of the image', problems });
      }
      await rm(at, { recursive: true, force: true });
    }
  }
}

async function copyUserFiles(root: string, { files }: Recipe): Promise<void> {
  const problems: string[] = [];
  for (const [to, from] of Object.entries(files)) {
    try {
      await put(root, to, await readFile(from), (await stat(from)).mode & 0o777);
    } catch (error) {
      problems.push(`  files.${to}: ${messageOf(error)}`);
    }
  }
  if (problems.length > 0) {
    throw new CaptError('IMAGE_RECIPE_INVALID', { file: 'of the image', problems: problems.join('\n') });
  }
}

/** Replaces what is there, a link as a link: in a root file system an absolute one leads out of it. */
async function put(root: string, path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const to = join(root, path);
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  await writeFile(to, content, { mode });
  await chmod(to, mode);
}

async function replaceByLink(root: string, path: string, target: string): Promise<void> {
  const at = join(root, path);
  await mkdir(dirname(at), { recursive: true });
  await rm(at, { force: true });
  await symlink(target, at);
}

/** As `systemctl enable` does, which may not know the architecture here. */
async function enable(root: string, unit: string): Promise<void> {
  const folders = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system'];
  for (const folder of folders) {
    const text = await readFile(join(root, folder, unit), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    for (const [kind, value] of installSection(text)) {
      if (kind === 'Alias') await replaceByLink(root, `/etc/systemd/system/${value}`, join(folder, unit));
      else if (kind === 'Also') await enable(root, value);
      else {
        const wants = `${value}.${kind === 'WantedBy' ? 'wants' : 'requires'}`;
        await replaceByLink(root, `/etc/systemd/system/${wants}/${unit}`, join(folder, unit));
      }
    }
    return;
  }
  throw new CaptError('IMAGE_RECIPE_INVALID', {
    file: 'of the image',
    problems: `  units.enable: there is no unit ${unit} in the image; is its package among the packages?`,
  });
}

function installSection(text: string): [kind: string, value: string][] {
  const section = /^\[Install\]$([^[]*)/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^(WantedBy|RequiredBy|Alias|Also)=(.*)$/gm)].flatMap(([, kind = '', values = '']) =>
    values.split(/\s+/).flatMap((value): [string, string][] => (value === '' ? [] : [[kind, value]])),
  );
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
