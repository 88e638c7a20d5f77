import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { untilDevice } from '../../mount/device.ts';
import { MountNamespace } from '../../mount/mount-namespace.ts';
import { resolveInRoot } from '../../mount/resolve-in-root.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkAbsolutePath, checkDevice, checkFsType } from '../environment.ts';
import { type BootEntry, defaultEntry } from './grub-config.ts';

/** Loads the kernel of the installed system; it is started when the server has taken the success. */
export const kexec: NativeAction = {
  name: 'kexec',
  summary: 'start the kernel of the installed system without a reboot, after the success was reported',
  variables: [
    { name: 'BLOCK_DEVICE', what: 'device with the kernel, such as /dev/sda1', required: true, check: checkDevice },
    { name: 'FS_TYPE', what: 'its file system, such as ext4', required: true, check: checkFsType },
    {
      name: 'KERNEL_PATH',
      what: 'path of the kernel there; none: take what GRUB would start',
      check: checkAbsolutePath,
    },
    { name: 'INITRD_PATH', what: 'path of the initial file system there', check: checkAbsolutePath },
    { name: 'CMD_LINE', what: 'arguments for the kernel' },
    { name: 'GRUBCFG_PATH', what: "path of GRUB's configuration there", default: '/boot/grub/grub.cfg' },
  ],
  run: load,
};

async function load(context: ActionContext): Promise<ActionResult> {
  const { env, log } = context;
  const { BLOCK_DEVICE: device = '', FS_TYPE: fsType = '' } = env;
  await untilDevice(context, device);
  await using namespace = await MountNamespace.open(context);
  await namespace.mount(device, fsType, namespace.root, 'ro');
  const outside = namespace.path(namespace.root);
  const entry = env['KERNEL_PATH'] ? given(env) : await fromGrub(env['GRUBCFG_PATH'] ?? '', outside, device);
  // What is given wins over what GRUB has.
  const commandLine = env['CMD_LINE'] || entry.commandLine;
  const found = async (path: string) => await existing(outside, path, device);
  const kernel = await found(entry.kernel);
  const initrds = await Promise.all(entry.initrds.map(found));
  await using joined = await joinFiles(initrds, context.paths.run);
  const { path: initrd } = joined;
  const args = ['-l', kernel, `--command-line=${commandLine}`, ...(initrd === undefined ? [] : [`--initrd=${initrd}`])];
  await context.run('kexec', args, { title: `kexec -l ${entry.kernel}` });
  await namespace.close();
  log(`loaded ${entry.kernel} of ${device}${entry.title === '' ? '' : ` ("${entry.title}")`}`);
  return { message: `loaded ${entry.kernel}, starting it`, finale: { how: 'kexec' } };
}

/** GRUB loads several initial file systems one after the other into one piece of memory; kexec takes one file. */
async function joinFiles(
  files: readonly string[],
  folder: string,
): Promise<AsyncDisposable & { path: string | undefined }> {
  if (files.length <= 1) return { path: files[0], [Symbol.asyncDispose]: async () => {} };
  const path = join(folder, 'initrd.joined');
  const dispose = async () => await rm(path, { force: true });
  try {
    await writeFile(path, '', { mode: 0o600 });
    for (const file of files) await pipeline(createReadStream(file), createWriteStream(path, { flags: 'a' }));
    return { path, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function existing(outside: string, path: string, device: string): Promise<string> {
  const file = await resolveInRoot(outside, path, device);
  try {
    await access(file, constants.R_OK);
    return file;
  } catch (error) {
    const cause = 'there is no such file';
    throw new CaptError('ACTION_NO_BOOT_ENTRY', { path: `${path} on ${device}`, cause }, { cause: error });
  }
}

function given(env: ActionContext['env']): BootEntry {
  const initrds = env['INITRD_PATH'] ? [env['INITRD_PATH']] : [];
  return { title: '', kernel: env['KERNEL_PATH'] ?? '', commandLine: '', initrds };
}

async function fromGrub(path: string, outside: string, device: string): Promise<BootEntry> {
  const absolute = path.startsWith('/') ? path : `/${path}`;
  let text: string;
  try {
    text = await readFile(await resolveInRoot(outside, absolute, device), 'utf8');
  } catch (error) {
    const cause = messageOf(error).replaceAll(outside, '');
    throw new CaptError('ACTION_NO_BOOT_ENTRY', { path: `${absolute} on ${device}`, cause }, { cause: error });
  }
  const entry = defaultEntry(text);
  if (entry === undefined) {
    throw new CaptError('ACTION_NO_BOOT_ENTRY', {
      path: `${absolute} on ${device}`,
      cause: 'it has no entry with a kernel',
    });
  }
  return entry;
}
