import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { cacheSetting, directorySetting, fileFailure } from './file-failure.ts';

const thrown = (code: string, syscall = 'open') => Object.assign(new Error(`${code}: it failed`), { code, syscall });
const codeOf = (error: unknown) => {
  const result = fileFailure(error, '/x', 'working', directorySetting);
  return result instanceof CaptError ? result.code : result;
};

describe('a failed file operation', () => {
  it('is told as a full disk or a missing permission', () => {
    assert.equal(codeOf(thrown('ENOSPC')), 'DISK_FULL');
    assert.equal(codeOf(thrown('EDQUOT')), 'DISK_FULL');
    for (const code of ['EACCES', 'EROFS', 'ENOTDIR']) assert.equal(codeOf(thrown(code)), 'DIRECTORY_NOT_WRITABLE');
  });

  it('names the setting that moves the folder', () => {
    const error = fileFailure(thrown('ENOSPC'), '/x', 'building', cacheSetting) as CaptError;
    assert.match(error.hint, /4 GB.*CAPT_CACHE_DIR/);
  });

  it('is left alone when it is anything else', () => {
    for (const error of [thrown('EACCES', 'listen'), thrown('EIO'), new CaptError('INTERRUPTED'), undefined, 'text']) {
      const result = fileFailure(error, '/x', 'working', directorySetting);
      assert.equal(result, error);
    }
  });
});
