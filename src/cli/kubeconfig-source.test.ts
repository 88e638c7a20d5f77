import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kubeConfigSource } from './kubeconfig-source.ts';

describe('kubeConfigSource', () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it('takes what it is given, then KUBECONFIG, then the pod, then the file of the user', () => {
    assert.deepEqual(kubeConfigSource('/a', { KUBECONFIG: '/b', ...pod }, '/none'), { path: '/a' });
    assert.deepEqual(kubeConfigSource(undefined, { KUBECONFIG: '/b', ...pod }, '/none'), { path: '/b' });
    assert.deepEqual(kubeConfigSource(undefined, { KUBECONFIG: '', ...pod }, '/none'), {
      inCluster: { host: '10.0.0.1', port: '443' },
    });
    assert.deepEqual(kubeConfigSource(undefined, {}, '/none'), { path: '/none/.kube/config' });
  });
});
