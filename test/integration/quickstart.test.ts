import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { capt } from '../support/local-cli.ts';

describe('capt quickstart', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-quickstart-'));
  });
  after(async () => {
    await capt(['kubernetes', 'down', '--dir', join(folder, 'kubernetes')]);
    rmSync(folder, { recursive: true });
  });

  it('ends with a control plane that serves our kinds, and may be run again', async () => {
    for (const expected of [/is up after/, /is running already/]) {
      const { exitCode, output, stdout } = await capt(['quickstart', '--dir', folder, '--port', '0']);
      assert.equal(exitCode, 0, output);
      assert.match(stdout, expected);
      assert.match(stdout, /Installed: hardware\.tinkerbell\.org/);
    }
    const client = connect(loadKubeConfig({ path: join(folder, 'kubernetes', 'kubeconfig') }));
    assert.deepEqual((await client.list(Hardware)).items, []);
    await client.close();
  });
});
