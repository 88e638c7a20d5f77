import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { entryName, lock, lockHolder, parseEntryName, tryLock } from './file-lock.ts';
import { ownIdentity } from './identity.ts';

describe('the lock between processes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capt-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one in at a time, and the next when it is released', async () => {
    const first = await tryLock(folder);
    assert.ok('release' in first);
    const second = await tryLock(folder);
    assert.ok('pid' in second && second.pid === process.pid);
    assert.deepEqual(await lockHolder(folder), ownIdentity());
    await first.release();
    assert.equal(await lockHolder(folder), undefined);
    assert.ok('release' in (await tryLock(folder)));
  });

  it('takes over from the dead and ignores what is not an entry', async () => {
    await writeFile(join(folder, '999999999.1-some-boot.1'), '');
    await writeFile(join(folder, `${process.pid}.1-another-start.1`), '');
    await writeFile(join(folder, 'rubbish'), '');
    await using _lock = await lock(folder);
    assert.equal((await readdir(folder)).length, 1);
  });

  it('never has two holders among many who want it', async () => {
    let inside = 0;
    let most = 0;
    const visit = async () => {
      await using _lock = await lock(folder);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, visit));
    assert.equal(most, 1);
    assert.deepEqual(await readdir(folder), []);
  });

  it('is got by exactly one of several that try at the same instant', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => tryLock(folder)));
    assert.equal(results.filter((result) => 'release' in result).length, 1);
  });

  it('can be waited for no longer than the caller wants, and says once who has it', async () => {
    await using _lock = await lock(folder);
    const controller = new AbortController();
    const holders: number[] = [];
    const waiting = lock(folder, {
      signal: controller.signal,
      onWait: ({ pid }) => {
        holders.push(pid);
        controller.abort(new Error('enough'));
      },
    });
    await assert.rejects(waiting, /enough/);
    assert.deepEqual(holders, [process.pid]);
  });

  it('names entries so that their owner can be found again', () => {
    const own = ownIdentity();
    assert.deepEqual(parseEntryName(entryName(own, 3)), own);
    assert.equal(parseEntryName('12.x'), undefined);
  });
});
