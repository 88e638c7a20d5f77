import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { lastLogLines, logSize, openLog, rotateLog } from './log-file.ts';

describe('the log of a process', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-log-'));
    file = join(folder, 'x.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is rotated under the feet of its writer', () => {
    const descriptor = openLog(file);
    writeSync(descriptor, 'before\n');
    assert.equal(rotateLog(file, 100), false);
    assert.equal(rotateLog(file, 3), true);
    writeSync(descriptor, 'after\n');
    closeSync(descriptor);
    assert.equal(readFileSync(file, 'utf8'), 'after\n');
    assert.equal(readFileSync(`${file}.1`, 'utf8'), 'before\n');
  });

  it('shows its last lines, or only those since a moment', () => {
    writeFileSync(file, 'a\nb\n');
    const from = logSize(file);
    writeFileSync(file, 'a\nb\n\nc\nd\n');
    assert.deepEqual(lastLogLines(file, 3), ['b', 'c', 'd']);
    assert.deepEqual(lastLogLines(file, 9, from), ['c', 'd']);
    writeFileSync(file, 'e\n');
    assert.deepEqual(lastLogLines(file, 9, from), ['e']);
  });

  it('may be missing', () => {
    assert.deepEqual(lastLogLines(file, 3), []);
    assert.equal(logSize(file), 0);
    assert.equal(rotateLog(file), false);
  });
});
