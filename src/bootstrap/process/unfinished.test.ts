import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'mocha';
import { removeUnfinished, unfinishedPrefix } from './unfinished.ts';

it('what was being made is removed, and what was made stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capt-unfinished-'));
  try {
    for (const name of [`${unfinishedPrefix}7`, 'made', '.lock']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, `${unfinishedPrefix}7`, 'half'), '');
    writeFileSync(join(folder, `${unfinishedPrefix}file`), '');
    await removeUnfinished(folder);
    assert.deepEqual(readdirSync(folder).sort(), ['.lock', 'made']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
