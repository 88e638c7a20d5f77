import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, it } from 'mocha';
import { renderKubeconfig } from './kubeconfig.ts';

describe('the kubeconfig', () => {
  it('is read by the official client, with everything inside', () => {
    const config = new KubeConfig();
    config.loadFromString(
      renderKubeconfig({ server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' }, 'capt-admin'),
    );
    const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString();
    assert.equal(config.getCurrentCluster()?.server, 'https://127.0.0.1:6443');
    assert.equal(decode(config.getCurrentCluster()?.caData), 'CA');
    assert.equal(decode(config.getCurrentUser()?.certData), 'CERT');
    assert.equal(decode(config.getCurrentUser()?.keyData), 'KEY');
  });
});
