import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { CaptError } from '../../api/errors/capt-error.ts';
import { recipeFile } from './inputs.ts';
import { mergeRecipes, parseRecipe } from './recipe.ts';

describe('the recipe of the installer', () => {
  const ours = parseRecipe(readFileSync(recipeFile, 'utf8'), recipeFile);

  it('names a kernel for each architecture and the programs that actions call', () => {
    assert.deepEqual(Object.keys(ours.kernel), ['x86_64', 'aarch64']);
    const programs = Object.values(ours.packages).flatMap((paths) => paths.map((path) => path.split('/').at(-1)));
    for (const name of ['busybox', 'sfdisk', 'blkdiscard', 'kexec', 'xz', 'bzip2']) {
      assert.ok(programs.includes(name), name);
    }
  });

  it('is added to by others, which win where there can be one only', () => {
    const extra = parseRecipe(
      `kernel: {x86_64: linux-image-cloud-amd64}
packages: {mount: [/bin/mountpoint], firmware-bnx2: [/lib/firmware/]}
modules: [tg3, "!lpfc"]
files: {/etc/motd: motd}
compressionLevel: 3`,
      'extra.yaml',
    );
    const both = mergeRecipes(ours, extra);
    assert.deepEqual(both.kernel, { x86_64: 'linux-image-cloud-amd64', aarch64: ours.kernel.aarch64 });
    assert.deepEqual(both.packages['mount'], [...(ours.packages['mount'] ?? []), '/bin/mountpoint']);
    assert.deepEqual(both.packages['firmware-bnx2'], ['/lib/firmware/']);
    assert.deepEqual(both.modules, [...ours.modules, 'tg3', '!lpfc']);
    assert.deepEqual(both.files, { '/etc/motd': 'motd' });
    assert.equal(both.compressionLevel, 3);
  });

  it('may be empty', () => {
    assert.deepEqual(mergeRecipes(ours, parseRecipe('{}', 'empty.yaml')), ours);
  });

  it('is refused with all problems at once, each with its field', () => {
    const text = 'kernels: {}\npackages: {Bad_Name: [], mount: [bin/mount]}\ncompressionLevel: 22';
    assert.throws(
      () => parseRecipe(text, 'mine.yaml'),
      (error) => {
        assert.ok(error instanceof CaptError && error.code === 'INSTALLER_RECIPE_INVALID');
        for (const part of ['mine.yaml', 'kernels', 'Bad_Name', 'packages.mount.0', 'compressionLevel']) {
          assert.ok(error.message.includes(part), `${part} in ${error.message}`);
        }
        return true;
      },
    );
    assert.throws(() => parseRecipe('a: [', 'mine.yaml'), /mine\.yaml/);
  });
});
