import { CaptError } from '../../api/errors/capt-error.ts';

/** The setting by which a person moves a folder elsewhere, and how much has to fit there. */
export interface FolderSetting {
  setting: string;
  neededGigabytes: number;
}

export const cacheSetting: FolderSetting = { setting: 'CAPT_CACHE_DIR', neededGigabytes: 4 };
export const directorySetting: FolderSetting = { setting: '--dir', neededGigabytes: 1 };

const notWritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'];

/** Recognises a full disk or a folder without permission behind a failed file operation; gives any other error back. */
export function fileFailure(error: unknown, path: string, doing: string, where: FolderSetting): unknown {
  if (!(error instanceof Error) || error instanceof CaptError) return error;
  const { code, syscall, message: cause } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CaptError('DISK_FULL', { path, doing, ...where });
  // Only what a file operation says: EACCES of a socket is another matter.
  if (syscall !== 'listen' && code !== undefined && notWritable.includes(code)) {
    return new CaptError('DIRECTORY_NOT_WRITABLE', { path, cause, setting: where.setting });
  }
  return error;
}
