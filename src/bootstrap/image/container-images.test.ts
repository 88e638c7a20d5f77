import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pauseImageOf, planImages, virtualIpImage } from './container-images.ts';

const listed = [
  'registry.k8s.io/kube-apiserver:v1.36.3',
  'registry.k8s.io/kube-controller-manager:v1.36.3',
  'registry.k8s.io/kube-scheduler:v1.36.3',
  'registry.k8s.io/kube-proxy:v1.36.3',
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'registry.k8s.io/pause:3.10.2',
  'registry.k8s.io/etcd:3.6.8-0',
];

describe('container images of a node', () => {
  it('have the names that kubeadm asks for, and one of our own', () => {
    const planned = planImages(['I1121 a line of log', ...listed, '']);
    assert.deepEqual(
      planned.map(({ name }) => name),
      [...listed, virtualIpImage],
    );
    const layersOf = (part: string) => planned.find(({ name }) => name.includes(part))?.layers;
    assert.deepEqual(
      [layersOf('/etcd:'), layersOf('/coredns:'), layersOf('/pause:')],
      [['kubernetes'], ['coredns'], ['pause']],
    );
    assert.equal(pauseImageOf(planned), 'registry.k8s.io/pause:3.10.2');
  });

  it('are not made when kubeadm wants one we do not know, or no longer one we do', () => {
    assert.throws(() => planImages([...listed, 'registry.k8s.io/kube-new:v1']), /kube-new:v1, which we do not make/);
    assert.throws(() => planImages(listed.slice(1)), /no container image for kube-apiserver/);
  });
});
