import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { loginsOf } from './logins.ts';

describe('logins of the BMCs of a rack', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-logins-'));
    file = join(folder, 'logins.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are random, one a machine, and for the eyes of the owner', () => {
    const logins = [...loginsOf(file, ['a', 'b']).values()];
    assert.equal(new Set(logins.map(({ password }) => password)).size, 2);
    for (const { password } of logins) assert.match(password, /^[0-9a-f]{16}$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('stay the same, also for machines that are away for a while', () => {
    const before = loginsOf(file, ['a', 'b']);
    assert.deepEqual([...loginsOf(file, ['b', 'c']).keys()], ['b', 'c']);
    assert.deepEqual(loginsOf(file, ['a', 'b']), before);
  });

  it('are made anew where the file makes no sense', () => {
    writeFileSync(file, '{"a": "b"}');
    assert.equal(loginsOf(file, ['a']).size, 1);
  });
});
