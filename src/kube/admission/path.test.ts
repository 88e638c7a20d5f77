import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resource } from '../../api/meta/resource.ts';
import { admissionPath } from './path.ts';

const machine: Resource = {
  group: 'infrastructure.cluster.x-k8s.io',
  version: 'v1beta1',
  kind: 'TinkerbellMachine',
  plural: 'tinkerbellmachines',
  namespaced: true,
};

describe('admissionPath', () => {
  it('is that of kubebuilder', () => {
    assert.equal(
      admissionPath('mutating', machine),
      '/mutate-infrastructure-cluster-x-k8s-io-v1beta1-tinkerbellmachine',
    );
    assert.equal(
      admissionPath('validating', machine),
      '/validate-infrastructure-cluster-x-k8s-io-v1beta1-tinkerbellmachine',
    );
  });

  it('has two dashes for the core group', () => {
    assert.equal(admissionPath('mutating', { ...machine, group: '', version: 'v1', kind: 'Pod' }), '/mutate--v1-pod');
  });
});
