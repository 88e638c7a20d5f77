import { untilDevice } from '../../mount/device.ts';
import { MountNamespace } from '../../mount/mount-namespace.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkAbsolutePath, checkDevice, checkFsType, checkInteger, checkMode, parseMode } from '../environment.ts';
import { putFile } from './put-file.ts';

const checkId = checkInteger(0, 4_294_967_294);

/** Writes one file into a file system, so that it is there after a power cut too. */
export const writefile: NativeAction = {
  name: 'writefile',
  summary: 'write a file into a file system of a disk',
  variables: [
    { name: 'DEST_DISK', what: 'device with the file system, such as /dev/sda3', required: true, check: checkDevice },
    { name: 'FS_TYPE', what: 'file system, such as ext4', required: true, check: checkFsType },
    { name: 'DEST_PATH', what: 'absolute path of the file', required: true, check: checkFilePath },
    { name: 'CONTENTS', what: 'what is in the file', required: true, mayBeEmpty: true, secret: true },
    { name: 'UID', what: 'its owner, a number', required: true, check: checkId },
    { name: 'GID', what: 'its group, a number', required: true, check: checkId },
    { name: 'MODE', what: 'its permissions, octal', required: true, check: checkMode },
    { name: 'DIRMODE', what: 'permissions of folders that are made for it, octal', required: true, check: checkMode },
  ],
  run: write,
};

function checkFilePath(value: string): string | undefined {
  return checkAbsolutePath(value) ?? (/\/\.?$/.test(value) ? `is "${value}", but must name a file` : undefined);
}

async function write(context: ActionContext): Promise<ActionResult> {
  const { env, log } = context;
  const { DEST_DISK: device = '', FS_TYPE: fsType = '', DEST_PATH: path = '', CONTENTS: contents = '' } = env;
  await untilDevice(context, device);
  await using namespace = await MountNamespace.open(context);
  await namespace.mount(device, fsType, namespace.root);
  const bytes = await putFile(namespace.path(namespace.root), device, {
    path,
    contents,
    uid: Number(env['UID']),
    gid: Number(env['GID']),
    mode: parseMode(env['MODE'] ?? ''),
    folderMode: parseMode(env['DIRMODE'] ?? ''),
  });
  await namespace.close();
  log(`${path} on ${device} has ${bytes} bytes`);
  return {};
}
