import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { expectedFile, functionsFile, readSuites } from '../../../test/golden/cases.ts';
import { exceptions, supersets } from '../../../test/golden/exceptions.ts';
import type { Answer } from '../../../test/golden/oracle.ts';
import { dataOfJson } from './data.ts';
import { workflowLibrary } from './library.ts';
import { TemplateError } from './run/template-error.ts';
import { Template } from './template.ts';

function render(template: string, data: unknown): Answer {
  try {
    const bytes = Template.parse('t', template, workflowLibrary).render(dataOfJson(JSON.stringify(data)));
    const output = bytes.toString('utf8');
    return Buffer.from(output, 'utf8').equals(bytes) ? { output } : { bytes: bytes.toString('base64') };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message };
    throw error;
  }
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

describe('a template, compared with real Go', () => {
  const suites = readSuites();

  for (const { name, cases } of suites) {
    it(`is the same in all cases of ${name}`, () => {
      const answers = read<(Answer & { template: string })[]>(expectedFile(name));
      assert.deepEqual(
        answers.map(({ template }) => template),
        cases.map(({ template }) => template),
        'cases have changed: run npm run golden',
      );
      cases.forEach(({ template, data }, i) => {
        const { template: _template, ...expected } = answers[i] ?? {};
        const actual = render(template, data);
        if (exceptions.has(template)) assert.notDeepEqual(actual, expected, `${template} is no exception any more`);
        else assert.deepEqual(actual, expected, template);
      });
    });
  }

  it('has all functions that Go has, and no others but the listed ones', () => {
    const expected = [...read<string[]>(functionsFile), ...supersets.keys()];
    assert.deepEqual([...workflowLibrary.functions.keys()].sort(), expected.sort());
  });

  it('gives with netmaskToCIDR what netmaskToPrefixLength gives', () => {
    const masks = ['255.255.255.0', '255.255.255.255', '0.0.0.0', '255.0.255.0', 'nonsense', 'ffff::'];
    const answers = (name: string) =>
      masks.map((mask) => JSON.stringify(render(`{{ ${name} "${mask}" }}`, {})).replaceAll(name, 'NAME'));
    assert.deepEqual(answers('netmaskToCIDR').slice(0, 3), ['{"output":"24"}', '{"output":"32"}', '{"output":"0"}']);
    // Columns behind a shorter name are others.
    const withoutColumns = (name: string) => answers(name).map((answer) => answer.replace(/:1:\d+/, ''));
    assert.deepEqual(withoutColumns('netmaskToCIDR'), withoutColumns('netmaskToPrefixLength'));
  });

  it('uses every function in a case', () => {
    const used = new Set(suites.flatMap(({ cases }) => cases.flatMap(({ template }) => template.match(/\w+/g) ?? [])));
    const names = [...workflowLibrary.functions.keys(), ...workflowLibrary.builtins.keys()];
    assert.deepEqual(
      names.filter((name) => !used.has(name) && !supersets.has(name)),
      [],
    );
  });

  it('has every difference and every refused function in docs/compatibility.md', () => {
    const page = readFileSync(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');
    const refused = [...workflowLibrary.functions.keys()].filter((name) => /^gen[A-Z]/.test(name));
    const names = [...exceptions.keys(), ...supersets.keys(), ...refused].map((name) => `\`${name}\``);
    assert.deepEqual(
      names.filter((name) => !page.includes(name)),
      [],
    );
  });

  it('has at least 500 cases', () => {
    assert.ok(suites.reduce((sum, { cases }) => sum + cases.length, 0) >= 500);
  });
});
