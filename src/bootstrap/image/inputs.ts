import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { mergeRecipe, parsePackages, parseSettings, type Recipe, type Settings } from './recipe.ts';

const folder = fileURLToPath(new URL('../../../bootstrap/image/', import.meta.url));

/** Files that go into every image as they are, by their path in it. */
export const ownFilesFolder = join(folder, 'files');

/** Settings for machines that a program emulates. */
export const emulatedSettings = join(folder, 'emulated.yaml');

export interface RecipeFiles {
  /** Files of settings that are added to ours. */
  readonly settings?: readonly string[];
  /** Lists of packages that are added to ours. */
  readonly packages?: readonly string[];
}

/** Our recipe with what the user adds. Paths in settings count from their file. Throws `IMAGE_RECIPE_INVALID`. */
export async function readRecipe({ settings = [], packages = [] }: RecipeFiles): Promise<Recipe> {
  const all = [join(folder, 'settings.yaml'), ...settings.map((file) => resolve(file))];
  const lists = [join(folder, 'packages.txt'), ...packages.map((file) => resolve(file))];
  const read = await Promise.all(all.map(readSettings));
  const names = await Promise.all(lists.map(async (file) => parsePackages(await text(file), file)));
  return mergeRecipe(read, names.flat());
}

async function readSettings(file: string): Promise<Settings> {
  const settings = parseSettings(await text(file), file);
  const absolute = (path: string) => resolve(dirname(file), path);
  const files = Object.entries(settings.files).map(([to, from]) => [to, absolute(from)]);
  return {
    ...settings,
    files: Object.fromEntries(files) as Record<string, string>,
    containerImages: settings.containerImages.map(absolute),
  };
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CaptError('IMAGE_RECIPE_INVALID', { file, problems: `  ${messageOf(error)}` }, { cause: error });
  }
}
