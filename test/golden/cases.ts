import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** One template with the data to render it with. */
export interface Case {
  readonly template: string;
  readonly data: unknown;
}

/** A file of cases. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface SuiteFile {
  readonly data?: unknown;
  readonly cases: readonly (string | { readonly template: string; readonly data: unknown })[];
}

const folder = join(import.meta.dirname, 'cases');

/** All suites in `cases/`, in the order of their names. A case without data of its own has that of its file. */
export function readSuites(): Suite[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const { data = {}, cases } = load(readFileSync(join(folder, file), 'utf8')) as SuiteFile;
      return {
        name: file.replace('.yaml', ''),
        cases: cases.map((each) => (typeof each === 'string' ? { template: each, data } : each)),
      };
    });
}

const answers = join(import.meta.dirname, 'expected');

/** Where the answers of Go to a suite are kept. */
export function expectedFile(suite: string): string {
  return join(answers, `${suite}.json`);
}

/** Where the names of the functions are kept that Go's template has besides its own. */
export const functionsFile = join(answers, 'names', 'functions.json');

/** Texts in a file beside this one: one list in YAML. */
function readTexts(name: string): string[] {
  return load(readFileSync(join(import.meta.dirname, `${name}.yaml`), 'utf8')) as string[];
}

/** Rendered templates to be read; one more for every image reference. */
export function readWorkflows(): string[] {
  const withImage = (image: string) =>
    JSON.stringify({ name: 'w', tasks: [{ name: 't', worker: 'x', actions: [{ name: 'a', image }] }] });
  return [...readTexts('workflows'), ...readTexts('images').map(withImage)];
}

/** Where the answers of Go to rendered templates are kept. */
export const workflowsFile = join(answers, 'workflows', 'workflows.json');
