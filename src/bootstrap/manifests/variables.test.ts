import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { root } from '../../../test/structure/source-files.ts';

describe('docs/clusterctl.md', () => {
  const text = readFileSync(`${root}docs/clusterctl.md`, 'utf8');
  const templates = readdirSync(`${root}templates`).filter((name) => name.endsWith('.yaml'));
  for (const path of ['config/manager/manager.yaml', ...templates.map((name) => `templates/${name}`)]) {
    it(`explains every variable of ${path}`, () => {
      const source = readFileSync(root + path, 'utf8');
      const used = new Set([...source.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
      assert.ok(used.size > 0);
      assert.deepEqual(
        [...used].filter((name) => !text.includes(`\`${name}\``)),
        [],
      );
    });
  }
});
