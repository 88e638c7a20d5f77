import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createFakeGo, type FakeGo } from '../../../test/support/local-fake-go.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { findPrograms } from './programs.ts';

describe('the programs of a control plane', () => {
  let assets: string;
  let go: FakeGo;
  const reports: string[] = [];
  const put = async (...names: string[]) => {
    for (const name of names) {
      await writeFile(join(assets, name), '');
      await chmod(join(assets, name), 0o755);
    }
  };
  const find = (assetsDirectory?: string) =>
    findPrograms({ ...go, assetsDirectory, report: (line) => reports.push(line) });

  beforeEach(async () => {
    assets = await mkdtemp(join(tmpdir(), 'capt-assets-'));
    go = await createFakeGo();
    reports.length = 0;
  });
  afterEach(async () => {
    await rm(assets, { recursive: true });
    await go[Symbol.asyncDispose]();
  });

  it('are release binaries when the user has them, and nothing is built', async () => {
    await put('etcd', 'kube-apiserver', 'kube-controller-manager');
    assert.equal((await find(assets)).etcd, join(assets, 'etcd'));
    assert.equal(await go.builds(), 0);
  });

  it('are built when there are none', async () => {
    const programs = await find();
    assert.ok(programs.etcd.startsWith(go.cacheDirectory));
    assert.equal(await go.builds(), 1);
  });

  it('take the controller manager, which envtest assets lack, from the build', async () => {
    await put('etcd', 'kube-apiserver');
    const programs = await find(assets);
    assert.equal(programs['kube-apiserver'], join(assets, 'kube-apiserver'));
    assert.ok(programs['kube-controller-manager'].startsWith(go.cacheDirectory));
    assert.match(reports.join('\n'), /no kube-controller-manager in KUBEBUILDER_ASSETS/);
  });

  it('are refused by name when another is missing or cannot be executed', async () => {
    await put('etcd');
    await writeFile(join(assets, 'kube-apiserver'), '');
    await assert.rejects(find(assets), (error: unknown) => {
      assert.ok(error instanceof CaptError && error.code === 'KUBEBUILDER_ASSETS_INCOMPLETE');
      assert.match(error.message, /no executable kube-apiserver/);
      return true;
    });
  });
});
