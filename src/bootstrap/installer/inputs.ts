import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { mergeRecipes, parseRecipe, type Recipe } from './recipe.ts';
import type { TreeEntry } from './tree.ts';

const folder = fileURLToPath(new URL('../../../bootstrap/installer/', import.meta.url));

export const recipeFile = join(folder, 'recipe.yaml');

/** What is added to it for machines that a program emulates. */
export const emulatedRecipe = join(folder, 'emulated.yaml');

/** Our recipe with those of the user added one after the other; paths of files in them count from their folder. */
export async function readRecipes(extraFiles: readonly string[]): Promise<Recipe> {
  let recipe = await readRecipe(recipeFile);
  for (const file of extraFiles) recipe = mergeRecipes(recipe, await readRecipe(resolve(file)));
  return recipe;
}

async function readRecipe(file: string): Promise<Recipe> {
  try {
    const recipe = parseRecipe(await readFile(file, 'utf8'), file);
    const files = Object.entries(recipe.files).map(([to, from]) => [to, resolve(dirname(file), from)]);
    return { ...recipe, files: Object.fromEntries(files) };
  } catch (error) {
    if (error instanceof CaptError) throw error;
    throw new CaptError('INSTALLER_RECIPE_INVALID', { file, problems: messageOf(error) }, { cause: error });
  }
}

/** The files that go in as they are: ours, and those that recipes name. Who is executable here is so there. */
export async function readOwnFiles(recipe: Recipe): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  const own = join(folder, 'files');
  const names = await readdir(own, { recursive: true });
  const sources = names.map((name): [string, string] => [name, join(own, name)]);
  for (const [to, from] of Object.entries(recipe.files)) sources.push([to.slice(1), from]);
  const problems: string[] = [];
  for (const [to, from] of sources) {
    try {
      const found = await stat(from);
      if (found.isDirectory()) continue;
      entries.set(to, { kind: 'file', data: await readFile(from), executable: (found.mode & 0o100) !== 0 });
    } catch (error) {
      problems.push(`  files./${to}: ${messageOf(error)}`);
    }
  }
  if (problems.length === 0) return entries;
  throw new CaptError('INSTALLER_RECIPE_INVALID', { file: 'of the installer', problems: problems.join('\n') });
}
