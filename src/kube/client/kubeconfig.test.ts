import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { authenticationOf } from './authentication.ts';
import { CredentialsSource } from './credentials.ts';
import { loadKubeConfig } from './kubeconfig.ts';

const server = 'https://api.example.org:6443';

describe('loadKubeConfig', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-kubeconfig-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes a kubeconfig with one cluster, user and context, as changed by the test. */
  function write(more: { cluster?: object; user?: object; top?: object } = {}): string {
    const path = join(folder, 'config');
    const document = {
      'current-context': 'main',
      clusters: [{ name: 'c', cluster: { server, ...more.cluster } }],
      users: [{ name: 'u', user: { token: 'secret', ...more.user } }],
      contexts: [{ name: 'main', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
      ...more.top,
    };
    writeFileSync(path, yaml.dump(document));
    return path;
  }

  function credentials(path: string) {
    return new CredentialsSource(authenticationOf(loadKubeConfig({ path }))).get();
  }

  it('finds cluster, user and namespace of the current or the named context', () => {
    const other = { name: 'other', context: { cluster: 'c', user: 'u' } };
    const main = { name: 'main', context: { cluster: 'c', user: 'u', namespace: 'team' } };
    const path = write({ top: { contexts: [main, other] } });
    assert.equal(loadKubeConfig({ path }).namespace, 'team');
    assert.equal(loadKubeConfig({ path, context: 'other' }).namespace, undefined);
    assert.equal(loadKubeConfig({ path }).cluster.server, server);
  });

  const broken: [string, () => string, RegExp][] = [
    ['a file that is not there', () => join(folder, 'none'), /cannot read kubeconfig .*none: ENOENT/],
    ['a folder', () => folder, /cannot read kubeconfig/],
    ['no YAML', () => text('{{{'), /cannot read kubeconfig/],
    ['an empty file', () => text(''), /the input is empty/],
    ['a word', () => text('kubeconfig'), /holds no mapping/],
    ['a list', () => text('- a'), /names no cluster/],
    ['no current context', () => write({ top: { 'current-context': '' } }), /context \(none\) names no cluster/],
    ['a context of nothing', () => write({ top: { 'current-context': 'gone' } }), /context gone names no cluster/],
    ['a cluster without server', () => write({ cluster: { server: '' } }), /clusters\[0\]\.cluster\.server is missing/],
    ['a server that is no URL', () => write({ cluster: { server: 'not a url' } }), /names no cluster/],
    ['plain http', () => write({ cluster: { server: 'http://api' } }), /would send credentials in the clear/],
  ];

  function text(content: string): string {
    const path = join(folder, 'config');
    writeFileSync(path, content);
    return path;
  }

  for (const [name, make, expected] of broken) {
    it(`refuses ${name} with one clear error`, () => {
      assert.throws(
        () => loadKubeConfig({ path: make() }),
        (error: Error) => error.name === 'CaptError' && expected.test(error.message),
      );
    });
  }

  it('takes plain http from who says that he means it', () => {
    const path = write({ cluster: { server: 'http://127.0.0.1:1', 'insecure-skip-tls-verify': true } });
    assert.equal(loadKubeConfig({ path }).cluster.server, 'http://127.0.0.1:1');
  });

  it('presents tokens, passwords and impersonation', async () => {
    assert.equal((await credentials(write())).headers.Authorization, 'Bearer secret');
    const basic = await credentials(write({ user: { token: undefined, username: 'me', password: 'p' } }));
    assert.equal(basic.headers.Authorization, `Basic ${Buffer.from('me:p').toString('base64')}`);
    assert.equal((await credentials(write({ user: { as: 'somebody' } }))).headers['Impersonate-User'], 'somebody');
  });

  it('reads certificates and token files relative to the kubeconfig, anew when they are rotated', async () => {
    for (const name of ['ca', 'crt', 'key', 'token']) writeFileSync(join(folder, name), name);
    const path = write({
      cluster: { 'certificate-authority': 'ca', 'tls-server-name': 'kube' },
      user: { token: undefined, tokenFile: 'token', 'client-certificate': 'crt', 'client-key': 'key' },
    });
    const source = new CredentialsSource(authenticationOf(loadKubeConfig({ path })));
    const first = await source.get();
    assert.equal(first.headers.Authorization, 'Bearer token');
    assert.deepEqual(
      [String(first.tls.ca), String(first.tls.cert), String(first.tls.key), first.tls.servername],
      ['ca', 'crt', 'key', 'kube'],
    );
    writeFileSync(join(folder, 'crt'), 'rotated');
    source.invalidate();
    const second = await source.get();
    assert.equal(String(second.tls.cert), 'rotated');
    assert.notEqual(second.tlsFingerprint, first.tlsFingerprint);
  });

  it('asks an exec plugin, and says so when it fails', async () => {
    const plugin = join(folder, 'plugin');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    writeFileSync(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    chmodSync(plugin, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
    const path = write({ user: { token: undefined, exec } });
    assert.equal((await credentials(path)).headers.Authorization, 'Bearer from-plugin');
    writeFileSync(plugin, '#!/bin/sh\necho no login >&2; exit 3\n');
    await assert.rejects(credentials(path));
  });

  it('is the service account of its pod when no file is named', async () => {
    mkdirSync(join(folder, 'sa'));
    for (const [name, content] of Object.entries({ 'ca.crt': 'CA', token: 'pod-token', namespace: 'capt-system\n' })) {
      writeFileSync(join(folder, 'sa', name), content);
    }
    const config = loadKubeConfig({ inCluster: { host: 'fd00::1', port: '443', folder: join(folder, 'sa') } });
    assert.equal(config.cluster.server, 'https://[fd00::1]:443');
    assert.equal(config.namespace, 'capt-system');
    const found = await new CredentialsSource(authenticationOf(config)).get();
    assert.equal(found.headers.Authorization, 'Bearer pod-token');
    assert.throws(() => loadKubeConfig({}), /runs in no pod/);
  });
});
