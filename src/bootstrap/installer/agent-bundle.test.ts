import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { bundleAgent } from './agent-bundle.ts';

describe('the agent of the installer', function () {
  this.timeout(60_000);
  const files = new Map<string, string>();

  before(async () => {
    for (const [path, entry] of await bundleAgent()) {
      assert.ok(entry.kind === 'file');
      files.set(path, Buffer.from(entry.data).toString());
    }
  });

  const imported = (text: string, how: RegExp) =>
    [...text.matchAll(how)].map(([, name = '']) => `usr/lib/capt/${name}`);

  it('starts with what its first question needs, and reads images and their servers later', () => {
    const atStart = new Set(['usr/lib/capt/agent.mjs']);
    // Sets go on to what is added meanwhile.
    for (const path of atStart) {
      for (const name of imported(files.get(path) ?? '', /(?:from|import)"\.\/([^"]+)"/g)) atStart.add(name);
    }
    const bytes = [...atStart].reduce((sum, path) => sum + (files.get(path)?.length ?? Number.NaN), 0);
    // Every hundred KB take an emulated machine a third of a second.
    assert.ok(bytes < 550_000, `${bytes} bytes in ${[...atStart].join(', ')}`);
    const all = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    assert.ok(all > 2 * bytes, 'nothing is read later');
  });

  it('holds every file that one of them reads', () => {
    for (const text of files.values()) {
      for (const path of imported(text, /import\("\.\/([^"]+)"\)/g)) assert.ok(files.has(path), path);
    }
    for (const text of files.values()) {
      for (const [, name] of text.matchAll(/`\.\/([a-z]+-thread)\$\{/g))
        assert.ok(files.has(`usr/lib/capt/${name}.mjs`), name);
    }
    for (const name of ['decode', 'disk']) assert.ok(files.has(`usr/lib/capt/${name}-thread.mjs`), name);
  });

  it('is the same every time', async () => {
    const again = await bundleAgent();
    assert.deepEqual(
      [...again].map(([path, entry]) => [path, entry.kind === 'file' && Buffer.from(entry.data).toString()]),
      [...files],
    );
  });
});
