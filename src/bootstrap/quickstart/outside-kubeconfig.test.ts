import assert from 'node:assert/strict';
import * as yaml from 'js-yaml';
import { describe, it } from 'mocha';
import { renderKubeconfig } from '../local/kubeconfig.ts';
import { outsideKubeconfig } from './outside-kubeconfig.ts';

describe('the kubeconfig of a cluster behind a relay', () => {
  it('leads to the relay, and expects a certificate that kubeadm made', () => {
    const before = renderKubeconfig({ server: 'https://192.0.2.10:6443', ca: 'a', cert: 'b', key: 'c' }, 'me');
    const cluster = {
      server: 'https://127.0.0.1:7443',
      'tls-server-name': 'kubernetes',
      'certificate-authority-data': Buffer.from('a').toString('base64'),
    };
    assert.deepEqual(yaml.load(outsideKubeconfig(before, 7443)), {
      ...(yaml.load(before) as object),
      clusters: [{ name: 'capt', cluster }],
    });
  });
});
