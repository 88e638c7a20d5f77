import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { emulatedSettings, readRecipe } from './inputs.ts';
import { mergeRecipe, parsePackages, parseSettings } from './recipe.ts';

describe('the recipe of the image', () => {
  it('reads packages, several a line, with comments', () => {
    assert.deepEqual(parsePackages('# all\nudev dbus  # two\n\n\tlibstdc++6\n', 'x'), ['udev', 'dbus', 'libstdc++6']);
    assert.throws(
      () => parsePackages('udev\nUdev a/b\n', 'list'),
      /list of the image cannot be used:\n {2}line 2: "Udev".*\n {2}line 2: "a\/b"/,
    );
  });

  it('tells all that is wrong with settings at once', () => {
    const text =
      'kernelArguments: ["a b"]\ndebian: {mirror: "ftp://x"}\nfreeMegabytes: 1\nfiles: {etc/x: y}\nremove: [/a/../..]\ncolour: blue';
    assert.throws(
      () => parseSettings(text, 'mine.yaml'),
      (error: Error) => {
        for (const part of [
          'mine.yaml',
          'kernelArguments.0: must be one word',
          'debian.mirror',
          'freeMegabytes',
          'etc/x',
          'remove.0: must not lead upwards',
          'colour',
        ]) {
          assert.ok(error.message.includes(part), `${part} in ${error.message}`);
        }
        return true;
      },
    );
    assert.throws(() => parseSettings('a: [', 'mine.yaml'), { code: 'IMAGE_RECIPE_INVALID' });
  });

  it('adds lists to ours, and takes the last word of everything else', () => {
    const ours = parseSettings(
      'kernelArguments: [quiet]\ncompressionLevel: 6\nunits: {mask: [a.timer]}\nfiles: {/a: x}',
      'ours',
    );
    const theirs = parseSettings(
      'kernelArguments: [debug, quiet]\ncompressionLevel: 3\nfiles: {/a: y, /b: z}',
      'theirs',
    );
    const recipe = mergeRecipe([ours, theirs], ['udev', 'dbus', 'udev']);
    assert.deepEqual(recipe.kernelArguments, ['quiet', 'debug']);
    assert.equal(recipe.compressionLevel, 3);
    assert.deepEqual(recipe.units.mask, ['a.timer']);
    assert.deepEqual(recipe.files, { '/a': 'y', '/b': 'z' });
    assert.deepEqual(recipe.packages, ['dbus', 'udev']);
    assert.equal(mergeRecipe([parseSettings('# nothing\n', 'empty')], []).debian.suite, 'bookworm');
  });

  it('makes nothing less safe on real machines than Debian does', async () => {
    const [real, emulated] = [await readRecipe({}), await readRecipe({ settings: [emulatedSettings] })];
    const risky = ['mitigations=off', 'tsc=reliable'];
    assert.deepEqual(
      real.kernelArguments.filter((each) => risky.includes(each)),
      [],
    );
    assert.deepEqual(emulated.kernelArguments.filter((each) => risky.includes(each)).sort(), risky);
    assert.deepEqual(emulated.packages, real.packages);
  });

  it('names the file that cannot be read', async () => {
    await assert.rejects(
      readRecipe({ settings: ['/no/such.yaml'] }),
      /\/no\/such\.yaml of the image cannot be used:\n.*ENOENT/,
    );
  });
});
