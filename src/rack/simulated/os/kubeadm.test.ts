import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bootstrapData } from '../machine-rig.ts';
import { readBootstrapData } from './kubeadm.ts';

const identity = { hostname: 'host-1', addresses: ['192.0.2.7'] };

const initData = `#cloud-config
write_files:
- path: /etc/kubernetes/pki/ca.key
  content: secret
- path: /run/kubeadm/kubeadm.yaml
  content: |
    ---
    apiVersion: kubeadm.k8s.io/v1beta3
    kind: ClusterConfiguration
    clusterName: c
    ---
    apiVersion: kubeadm.k8s.io/v1beta3
    kind: InitConfiguration
    nodeRegistration:
      kubeletExtraArgs:
        provider-id: tinkerbell://metal/cp
        node-labels: a=b,c=d
`;

describe('bootstrap data as a simulated OS reads them', () => {
  it('name a worker', () => {
    assert.deepEqual(readBootstrapData(bootstrapData, identity), {
      nodeName: 'host-1',
      addresses: [
        { type: 'InternalIP', address: '192.0.2.7' },
        { type: 'Hostname', address: 'host-1' },
      ],
      providerID: 'tinkerbell://metal/h',
      isControlPlane: false,
      taints: [{ effect: 'NoSchedule', key: 'node.cluster.x-k8s.io/uninitialized' }],
      labels: {},
    });
  });

  it('name a control plane, with arguments as older versions of kubeadm have them', () => {
    const { clusterConfiguration, ...instance } = readBootstrapData(initData, identity);
    assert.match(clusterConfiguration ?? '', /clusterName: c/);
    assert.equal(instance.isControlPlane, true);
    assert.equal(instance.nodeName, 'host-1');
    assert.equal(instance.providerID, 'tinkerbell://metal/cp');
    assert.deepEqual(instance.labels, { a: 'b', c: 'd', 'node-role.kubernetes.io/control-plane': '' });
    assert.deepEqual(instance.taints, [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]);
  });

  for (const [what, data, message] of [
    ['no cloud-config', '{"ignition":{}}', /no cloud-config/],
    ['broken YAML', '#cloud-config\nwrite_files: [secret', /not YAML/],
    ['no files', '#cloud-config\nwrite_files: 3', /no list of write_files/],
    ['nothing for kubeadm', '#cloud-config\n{}', /no InitConfiguration or JoinConfiguration/],
  ] as const) {
    it(`are refused when they are ${what}, without telling their content`, () => {
      assert.throws(
        () => readBootstrapData(data, identity),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      );
    });
  }
});
