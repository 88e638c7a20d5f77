import { load } from 'js-yaml';
import { z } from 'zod';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

const absolutePath = z.string().regex(/^\/[^\0]+$/, 'must be a path that begins with /');
const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/, 'must be the name of a Debian package');

const schema = z.strictObject({
  kernel: z.strictObject({ x86_64: packageName.optional(), aarch64: packageName.optional() }).default({}),
  packages: z.record(packageName, z.array(absolutePath)).default({}),
  modules: z.array(z.string().regex(/^[!?]?[\w./*-]+$/, 'must be the name of a module, or a folder')).default([]),
  files: z.record(absolutePath, z.string().min(1, 'must be a file')).default({}),
  compressionLevel: z.int().min(1).max(19).optional(),
});

/** What an installer is made of. `bootstrap/installer/recipe.yaml` says what each field is for. */
export interface Recipe {
  readonly kernel: { readonly x86_64?: string | undefined; readonly aarch64?: string | undefined };
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly modules: readonly string[];
  /** Path in the installer → file here, absolute once `inFolder` has been at it. */
  readonly files: Readonly<Record<string, string>>;
  readonly compressionLevel?: number | undefined;
}

/** Reads a recipe. Throws `INSTALLER_RECIPE_INVALID` with all problems at once. */
export function parseRecipe(text: string, file: string): Recipe {
  let raw: unknown;
  try {
    raw = load(text);
  } catch (error) {
    throw new CaptError('INSTALLER_RECIPE_INVALID', { file, problems: messageOf(error) }, { cause: error });
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.') || 'recipe'}: ${message}`);
  throw new CaptError('INSTALLER_RECIPE_INVALID', { file, problems: problems.join('\n') });
}

/** `extra` adds packages, modules and files to `base`, and replaces what there can be one of only. */
export function mergeRecipes(base: Recipe, extra: Recipe): Recipe {
  const names = new Set([...Object.keys(base.packages), ...Object.keys(extra.packages)]);
  const packages = [...names].map((name): [string, string[]] => [
    name,
    [...new Set([...(base.packages[name] ?? []), ...(extra.packages[name] ?? [])])],
  ]);
  return {
    kernel: { ...base.kernel, ...extra.kernel },
    packages: Object.fromEntries(packages),
    modules: [...base.modules, ...extra.modules],
    files: { ...base.files, ...extra.files },
    compressionLevel: extra.compressionLevel ?? base.compressionLevel,
  };
}
