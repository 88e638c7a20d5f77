import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { NativeAction } from './action.ts';
import { imageBaseName, nativeActionFor } from './native-action-for.ts';
import { nativeActions } from './registry.ts';

const images: Record<string, string> = {
  writefile: 'writefile',
  'quay.io/tinkerbell/actions/writefile:latest': 'writefile',
  'quay.io/tinkerbell-actions/writefile:v1.0.0': 'writefile',
  'registry.local:5000/writefile': 'writefile',
  'localhost:5000/a/b/writefile:v1@sha256:abc': 'writefile',
  '127.0.0.1/embedded/writefile': 'writefile',
  ' writefile@sha256:abc ': 'writefile',
  'quay.io/x/mywritefile:latest': 'mywritefile',
  '': '',
};

describe('registry of native actions', () => {
  for (const [image, name] of Object.entries(images))
    it(`reads "${name}" from "${image}"`, () => assert.equal(imageBaseName(image), name));

  it('finds an action by the last part of its image, whatever the registry', () => {
    const action: NativeAction = { name: 'writefile', summary: '', variables: [], run: async () => ({}) };
    assert.equal(nativeActionFor('any.registry/at/all/writefile:v7', [action]), action);
    assert.equal(nativeActionFor('any.registry/at/all/writefile2:v7', [action]), undefined);
    assert.equal(nativeActionFor('', [action]), undefined);
  });

  it('has each name once, with one line that says what it does, and each variable once', () => {
    const names = nativeActions.map((action) => action.name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, summary, variables } of nativeActions) {
      assert.match(name, /^[a-z0-9]+$/);
      assert.match(summary, /^\S[^\n]+$/, name);
      assert.equal(new Set(variables.map((variable) => variable.name)).size, variables.length, name);
    }
  });
});
