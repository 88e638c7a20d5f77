import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { GrowingFile } from './growing-file.ts';

describe('a file that grows', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-growing-'));
    path = join(folder, 'log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives its end at first, and then what is added', async () => {
    const file = new GrowingFile(path, 4);
    const added = async () => String(await file.added());
    assert.equal(await added(), '');
    writeFileSync(path, 'one two');
    assert.equal(await added(), ' two');
    assert.equal(await added(), '');
    appendFileSync(path, ' three four');
    assert.equal(await added(), ' three four');
    writeFileSync(path, 'anew');
    assert.equal(await added(), 'anew');
  });
});
