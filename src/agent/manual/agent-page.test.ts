import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { nativeActions } from '../actions/registry.ts';
import { agentPage } from './agent-page.ts';

describe('docs/agent.md', () => {
  const page = readFileSync(new URL('../../../docs/agent.md', import.meta.url), 'utf8');

  it('is what npm run generate makes', () => assert.equal(page, agentPage()));

  it('names every action with every variable', () => {
    const sections = page.split('\n### ').slice(1);
    assert.deepEqual(
      sections.map((section) => section.split('\n')[0]),
      nativeActions.map(({ name }) => name),
    );
    for (const [index, { variables }] of nativeActions.entries()) {
      for (const { name } of variables) assert.match(sections[index] ?? '', new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    }
  });
});
