import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'mocha';
import { markUsed, removeOldBuilds } from './old-builds.ts';

it('the builds that were made or used last stay in a cache, and what is something else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capt-old-'));
  try {
    const names = ['v1.36.3-000000000000000a', 'v1.36.4-000000000000000b', 'v1.36.4-000000000000000c'];
    const others = ['.building-1', '.lock', 'notes', 'root-00000000000000aa'];
    for (const [index, name] of [...names, ...others].entries()) {
      mkdirSync(join(folder, name));
      utimesSync(join(folder, name), index, index);
    }
    await markUsed(join(folder, 'v1.36.3-000000000000000a'), new Date(100_000));
    await removeOldBuilds(folder, /^v[\w.+-]+-[0-9a-f]{16}$/, 2);
    const kept = ['v1.36.3-000000000000000a', 'v1.36.4-000000000000000c'];
    assert.deepEqual(readdirSync(folder).sort(), [...others, ...kept].sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
