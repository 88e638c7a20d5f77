import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { describe, it } from 'mocha';
import { root } from '../../../test/structure/source-files.ts';
import type { CustomResourceDefinition } from '../apiextensions/custom-resource-definition.ts';
import { kinds } from '../kinds.ts';
import { crdOf } from './crd.ts';
import { crdFolder, generatedFiles } from './files.ts';
import { toYaml } from './yaml.ts';

describe('the generated files', () => {
  for (const { path, content } of generatedFiles()) {
    it(`${path} is what src/api says (else: npm run generate)`, () => {
      assert.equal(readFileSync(`${root}${path}`, 'utf8'), content);
    });
  }

  it(`are all there is in ${crdFolder}`, () => {
    const expected = generatedFiles().map(({ path }) => path);
    const there = readdirSync(`${root}${crdFolder}`).map((name) => `${crdFolder}/${name}`);
    assert.deepEqual(
      there.filter((path) => !expected.includes(path)),
      [],
    );
  });

  for (const kind of kinds) {
    it(`hold the whole CRD of ${kind.kind}`, () => {
      const crd = crdOf(kind);
      assert.deepEqual(yaml.load(toYaml(crd)), crd as CustomResourceDefinition);
    });
  }

  it('quote what YAML 1.1 (kubectl) takes for something else than a string', () => {
    const text = toYaml({
      a: ['on', 'off', 'y', 'No', 'true', '1', '1e3', '0x1f', '012', 'null', '~', '', '2026-01-31'],
    });
    for (const line of text.split('\n').filter((candidate) => candidate.startsWith('  - '))) {
      assert.match(line, /^ {2}- '.*'$/);
    }
  });
});
