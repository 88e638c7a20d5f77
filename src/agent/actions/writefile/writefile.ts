import { untilDevice } from '../../mount/device.ts';
import { MountNamespace } from '../../mount/mount-namespace.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkDevice, checkFsType, checkMode } from '../environment.ts';
import { checkFilePath, checkId, filesOf, problemsOfMore } from './more-files.ts';
import { putFile } from './put-file.ts';

/** Writes files into a file system, so that they are there after a power cut too. */
export const writefile: NativeAction = {
  name: 'writefile',
  summary: 'write files into a file system of a disk; one more for each DEST_PATH_1, CONTENTS_1, DEST_PATH_2, …',
  variables: [
    { name: 'DEST_DISK', what: 'device with the file system, such as /dev/sda3', required: true, check: checkDevice },
    { name: 'FS_TYPE', what: 'file system, such as ext4', required: true, check: checkFsType },
    { name: 'DEST_PATH', what: 'absolute path of the file', required: true, check: checkFilePath },
    { name: 'CONTENTS', what: 'what is in the file', required: true, mayBeEmpty: true, secret: true },
    { name: 'UID', what: 'its owner, a number; UID_1 and so on for the others', required: true, check: checkId },
    { name: 'GID', what: 'its group, a number', required: true, check: checkId },
    { name: 'MODE', what: 'its permissions, octal', required: true, check: checkMode },
    { name: 'DIRMODE', what: 'permissions of folders that are made for it, octal', required: true, check: checkMode },
  ],
  problems: problemsOfMore,
  run: write,
};

async function write(context: ActionContext): Promise<ActionResult> {
  const { env, log } = context;
  const { DEST_DISK: device = '', FS_TYPE: fsType = '' } = env;
  await untilDevice(context, device);
  await using namespace = await MountNamespace.open(context);
  await namespace.mount(device, fsType, namespace.root);
  const outside = namespace.path(namespace.root);
  for (const file of filesOf(env)) {
    const bytes = await putFile(outside, device, file);
    log(`${file.path} on ${device} has ${bytes} bytes`);
  }
  await namespace.close();
  return {};
}
