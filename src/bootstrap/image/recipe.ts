import { load } from 'js-yaml';
import { z } from 'zod';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

const absolutePath = z.string().regex(/^\/[^\0]+$/, 'must be a path that begins with /');
const unit = z.string().regex(/^[\w:.\\-]+(@[\w:.\\-]*)?(\.[a-z]+)?$/, 'must be the name of a systemd unit');
const word = z.string().regex(/^\S+$/, 'must be one word');

const schema = z.strictObject({
  debian: z
    .strictObject({
      suite: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a release'),
      mirror: z.url({ protocol: /^(https?|file)$/, error: 'must be an http, https or file URL' }),
      components: z.array(z.string().regex(/^[a-z][a-z-]*$/, 'must be the name of a component')).min(1),
    })
    .partial()
    .default({}),
  kernelArguments: z.array(word).default([]),
  bootMenuSeconds: z.int().min(0).max(3600).optional(),
  freeMegabytes: z.int().min(32).max(1_000_000).optional(),
  units: z
    .strictObject({ enable: z.array(unit).default([]), mask: z.array(z.union([absolutePath, unit])).default([]) })
    .default({ enable: [], mask: [] }),
  files: z.record(absolutePath, z.string().min(1, 'must be a file')).default({}),
  remove: z.array(absolutePath.refine((path) => !path.split('/').includes('..'), 'must not lead upwards')).default([]),
  containerImages: z.array(z.string().min(1, 'must be a file')).default([]),
  compressionLevel: z.int().min(1).max(19).optional(),
});

/** One file of settings; `bootstrap/image/settings.yaml` says what each is for. */
export type Settings = z.infer<typeof schema>;

/** Settings with nothing left open. */
export interface Recipe {
  readonly debian: { readonly suite: string; readonly mirror: string; readonly components: readonly string[] };
  /** Names of Debian packages, sorted. */
  readonly packages: readonly string[];
  readonly kernelArguments: readonly string[];
  readonly bootMenuSeconds: number;
  readonly freeMegabytes: number;
  /** What begins with `/` is a path instead of a unit. */
  readonly units: { readonly enable: readonly string[]; readonly mask: readonly string[] };
  /** Path in the image → file here. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths in the image that are taken out of it, folders with what is in them; `*` and the like as in a shell. */
  readonly remove: readonly string[];
  readonly containerImages: readonly string[];
  readonly compressionLevel: number;
}

/** Reads settings. Throws `IMAGE_RECIPE_INVALID` with all problems at once. */
export function parseSettings(text: string, file: string): Settings {
  let raw: unknown;
  try {
    // A file with nothing but comments is no document to the parser, and fine with us.
    raw = text.split('\n').every((line) => /^\s*(#|$)/.test(line)) ? {} : load(text);
  } catch (error) {
    throw new CaptError('IMAGE_RECIPE_INVALID', { file, problems: `  ${messageOf(error)}` }, { cause: error });
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.') || 'settings'}: ${message}`);
  throw new CaptError('IMAGE_RECIPE_INVALID', { file, problems: problems.join('\n') });
}

/** Reads a list of packages: names between white space, `#` begins a comment. Throws `IMAGE_RECIPE_INVALID`. */
export function parsePackages(text: string, file: string): string[] {
  const problems: string[] = [];
  const names = text.split('\n').flatMap((line, index) => {
    const words = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    for (const name of words) {
      if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name)) {
        problems.push(`  line ${index + 1}: "${name}" cannot be the name of a Debian package`);
      }
    }
    return words;
  });
  if (problems.length > 0) throw new CaptError('IMAGE_RECIPE_INVALID', { file, problems: problems.join('\n') });
  return names;
}

/** Puts files of settings and lists of packages together: lists grow, of everything else the last word counts. */
export function mergeRecipe(settings: readonly Settings[], packages: readonly string[]): Recipe {
  const unique = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];
  const last = <T>(values: readonly (T | undefined)[], otherwise: T): T =>
    values.findLast((value) => value !== undefined) ?? otherwise;
  const debian = settings.map((each) => each.debian);
  return {
    debian: {
      suite: last(
        debian.map(({ suite }) => suite),
        'bookworm',
      ),
      mirror: last(
        debian.map(({ mirror }) => mirror),
        'http://deb.debian.org/debian',
      ),
      components: unique(debian.map(({ components }) => components ?? [])),
    },
    packages: [...new Set(packages)].sort(),
    kernelArguments: unique(settings.map((each) => each.kernelArguments)),
    bootMenuSeconds: last(
      settings.map((each) => each.bootMenuSeconds),
      0,
    ),
    freeMegabytes: last(
      settings.map((each) => each.freeMegabytes),
      256,
    ),
    units: {
      enable: unique(settings.map(({ units }) => units.enable)),
      mask: unique(settings.map(({ units }) => units.mask)),
    },
    files: Object.assign({}, ...settings.map((each) => each.files)) as Record<string, string>,
    remove: unique(settings.map(({ remove }) => remove)),
    containerImages: unique(settings.map((each) => each.containerImages)),
    compressionLevel: last(
      settings.map((each) => each.compressionLevel),
      6,
    ),
  };
}
