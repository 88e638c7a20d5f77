import { access, mkdir, writeFile } from 'node:fs/promises';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { untilDevice } from '../../mount/device.ts';
import { MountNamespace } from '../../mount/mount-namespace.ts';
import { resolveInRoot } from '../../mount/resolve-in-root.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkBoolean, checkDevice, checkFsType, isTrue } from '../environment.ts';
import { commandsOf } from './commands.ts';

/** Runs a command in the system on a disk, or without one in the installer. */
export const cexec: NativeAction = {
  name: 'cexec',
  summary: 'run a command inside the system that is on a disk',
  variables: [
    {
      name: 'CMD_LINE',
      what: 'the command; without an interpreter several are separated by ;',
      required: true,
      secret: true,
    },
    {
      name: 'BLOCK_DEVICE',
      what: 'device with the root file system; none: run it in the installer',
      check: checkDevice,
    },
    { name: 'FS_TYPE', what: 'its file system, such as ext4', check: checkFsType },
    { name: 'DEFAULT_INTERPRETER', what: 'what gets the command as its last argument, such as /bin/sh -c' },
    { name: 'CHROOT', what: 'no effect: the command runs inside whenever there is a device' },
    {
      name: 'UPDATE_RESOLV_CONF',
      what: "let the command use the installer's name servers",
      default: 'false',
      check: checkBoolean,
    },
    { name: 'JSON_OUTPUT', what: 'no effect', default: 'true' },
  ],
  problems: ({ BLOCK_DEVICE: device, FS_TYPE: fsType }) =>
    device && !fsType ? ['FS_TYPE is missing (file system of BLOCK_DEVICE)'] : [],
  run: execute,
};

async function execute(context: ActionContext): Promise<ActionResult> {
  const { env } = context;
  const {
    BLOCK_DEVICE: device = '',
    FS_TYPE: fsType = '',
    CMD_LINE: line = '',
    DEFAULT_INTERPRETER: interpreter = '',
  } = env;
  const commands = commandsOf(line, interpreter);
  if (device !== '') await untilDevice(context, device);
  await using namespace = await MountNamespace.open(context);
  if (device !== '') await mountSystem(context, namespace, device, fsType);
  const inside = device === '' ? [] : ['chroot', namespace.root];
  for (const [index, command] of commands.entries()) {
    // Only the name of the program: arguments hold passwords.
    const title = `${command[0]} (command ${index + 1} of ${commands.length})`;
    const [program = '', ...args] = [...inside, ...command];
    await namespace.run(program, args, { title, env });
  }
  await namespace.close();
  return {};
}

async function mountSystem(
  context: ActionContext,
  namespace: MountNamespace,
  device: string,
  fsType: string,
): Promise<void> {
  const { root } = namespace;
  await namespace.mount(device, fsType, root);
  for (const folder of ['dev', 'proc', 'sys']) {
    const at = namespace.path(`${root}/${folder}`);
    await mkdir(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST')
        throw new CaptError('ACTION_PATH_INVALID', { path: `/${folder}`, device, cause: error.message });
    });
    await namespace.bind(`/${folder}`, `${root}/${folder}`);
  }
  if (isTrue(context.env['UPDATE_RESOLV_CONF'])) await lendNameServers(namespace, device);
}

/** The image's own file comes back by itself when the mounts are undone. */
async function lendNameServers(namespace: MountNamespace, device: string): Promise<void> {
  const { root } = namespace;
  const outside = namespace.path(root);
  let target = await resolveInRoot(outside, '/etc/resolv.conf', device);
  const exists = await access(target).then(
    () => true,
    () => false,
  );
  if (!exists && target.startsWith(`${outside}/run/`)) {
    // A link to what systemd-resolved would make.
    await namespace.mount('tmpfs', 'tmpfs', `${root}/run`);
    await mkdir(target.slice(0, target.lastIndexOf('/')), { recursive: true });
    target = await resolveInRoot(outside, '/etc/resolv.conf', device);
  }
  if (!exists) await writeFile(target, '');
  await namespace.bind('/etc/resolv.conf', root + target.slice(outside.length));
}
