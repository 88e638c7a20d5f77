import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'mocha';
import { readSettings } from './settings.ts';

describe('the settings from the environment', () => {
  it('are in the home folder by default', () => {
    assert.deepEqual(readSettings({}, '/home/u'), {
      cacheDirectory: '/home/u/.cache/capt',
      stateDirectory: '/home/u/.local/state/capt',
      assetsDirectory: undefined,
    });
  });

  it('follow the XDG variables unless these are relative', () => {
    const { cacheDirectory, stateDirectory } = readSettings(
      { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: 'relative' },
      '/home/u',
    );
    assert.equal(cacheDirectory, '/c/capt');
    assert.equal(stateDirectory, '/home/u/.local/state/capt');
  });

  it('have variables of their own, made absolute, where empty means not set', () => {
    const settings = readSettings(
      { CAPT_CACHE_DIR: '/own', XDG_CACHE_HOME: '/c', KUBEBUILDER_ASSETS: 'bin/k8s' },
      '/h',
    );
    assert.equal(settings.cacheDirectory, '/own');
    assert.equal(settings.assetsDirectory, resolve('bin/k8s'));
    const empty = readSettings({ CAPT_CACHE_DIR: '', KUBEBUILDER_ASSETS: '' }, '/h');
    assert.equal(empty.cacheDirectory, '/h/.cache/capt');
    assert.equal(empty.assetsDirectory, undefined);
  });
});
