import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { externalKubeconfig } from './external.ts';

describe("the kubeconfig of the cluster with Tinkerbell's objects", () => {
  const mounted = '/var/run/secrets/external-tinkerbell/kubeconfig';
  const none = () => false;
  const provider = { services: ['provider' as const] };

  it('is the one named, else what is mounted where CAPT looks, else none', () => {
    assert.equal(
      externalKubeconfig({ ...provider, externalKubeconfig: '/a' }, () => true),
      '/a',
    );
    assert.equal(
      externalKubeconfig(provider, (file) => file === mounted),
      mounted,
    );
    assert.equal(externalKubeconfig(provider, none), undefined);
    assert.equal(
      externalKubeconfig({ services: ['workflow'] }, () => true),
      undefined,
    );
  });

  it('is refused for services that would then work on the wrong cluster', () => {
    const services = ['workflow' as const, 'provider' as const];
    assert.throws(() => externalKubeconfig({ services, externalKubeconfig: '/a' }, none), {
      code: 'EXTERNAL_NEEDS_PROVIDER_ALONE',
      message: /the services workflow /,
    });
    assert.equal(externalKubeconfig({ services }, none), undefined);
  });
});
