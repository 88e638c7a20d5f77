import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { layoutOf } from '../layout.ts';
import { etcdFlags } from './etcd.ts';
import { apiServerFlags, authenticationConfiguration } from './kube-apiserver.ts';
import { controllerManagerFlags } from './kube-controller-manager.ts';

const layout = layoutOf('/d');
const api = (listenAddress: string) => apiServerFlags({ layout, listenAddress, port: 6443, etcdClientPort: 20_001 });

describe('the flags of etcd', () => {
  const flags = etcdFlags({ layout, clientPort: 20_001, peerPort: 20_002, unsafeNoFsync: false });

  it('keep it on loopback', () => {
    const urls = flags.filter((flag) => flag.includes('://'));
    assert.equal(urls.length, 5);
    for (const flag of urls) assert.match(flag, /https:\/\/127\.0\.0\.1:2000[12]$/);
  });

  it('let nobody in without a certificate', () => {
    for (const flag of [
      '--client-cert-auth=true',
      '--peer-client-cert-auth=true',
      '--trusted-ca-file=/d/pki/etcd-ca.crt',
    ]) {
      assert.ok(flags.includes(flag), flag);
    }
  });

  it('give up durability only when asked to', () => {
    assert.ok(!flags.some((flag) => flag.includes('fsync')));
    assert.ok(
      etcdFlags({ layout, clientPort: 1, peerPort: 2, unsafeNoFsync: true }).includes('--unsafe-no-fsync=true'),
    );
  });
});

describe('the flags of kube-apiserver', () => {
  it('have RBAC on and neither static tokens nor general anonymous access', () => {
    const flags = api('127.0.0.1');
    assert.ok(flags.includes('--authorization-mode=Node,RBAC'));
    assert.ok(flags.includes('--authentication-config=/d/authentication.json'));
    assert.ok(!flags.some((flag) => /token-auth-file|anonymous-auth|AlwaysAllow/.test(flag)));
  });

  it('say the address where it is one, and publish none that Endpoints may not hold', () => {
    for (const address of ['127.0.0.1', '::1', '::', '2001:db8::1']) {
      assert.ok(api(address).includes('--endpoint-reconciler-type=none'), address);
    }
    assert.ok(api('192.0.2.1').includes('--advertise-address=192.0.2.1'));
    assert.ok(!api('192.0.2.1').includes('--endpoint-reconciler-type=none'));
    assert.ok(!api('0.0.0.0').some((flag) => flag.startsWith('--advertise-address')));
  });

  it('let strangers ask for health only', () => {
    const { anonymous } = authenticationConfiguration() as { anonymous: unknown };
    assert.deepEqual(anonymous, {
      enabled: true,
      conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }],
    });
  });
});

describe('the flags of kube-controller-manager', () => {
  const flags = controllerManagerFlags({ layout, port: 20_003 });

  it('turn on what Cluster API needs and nothing for nodes', () => {
    const controllers = flags
      .find((flag) => flag.startsWith('--controllers='))
      ?.slice('--controllers='.length)
      .split(',');
    assert.ok(controllers?.includes('clusterrole-aggregation-controller'));
    assert.ok(controllers?.includes('garbage-collector-controller'));
    assert.ok(!controllers?.includes('*'));
  });

  it('keep it on loopback', () => assert.ok(flags.includes('--bind-address=127.0.0.1')));
});
