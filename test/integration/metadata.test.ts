import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { captFile } from '../support/local-cli.ts';
import { skipBecause } from '../support/reporter.ts';
import { TestNamespace } from '../support/test-namespace.ts';

/** What cloud-init makes of a machine, by its own code; sees the loopback address 127.0.0.1. */
const cloudInit = `
import json, sys
from cloudinit import distros, helpers
from cloudinit.sources import DataSourceEc2, DataSourceNoCloud
url, folder, source = sys.argv[1:4]
paths = helpers.Paths({'cloud_dir': folder, 'run_dir': folder})
distro = distros.fetch('debian')('debian', {}, paths)
settings = {'Ec2': {'metadata_urls': [url], 'strict_id': 'false', 'max_wait': 5, 'timeout': 5},
            'NoCloud': {'seedfrom': url + '/nocloud/'}}
make = DataSourceEc2.DataSourceEc2 if source == 'ec2' else DataSourceNoCloud.DataSourceNoCloudNet
ds = make({'datasource': settings}, distro, paths)
assert ds.get_data()
text = ds.get_userdata_raw()
print(json.dumps({'id': ds.get_instance_id(), 'host': ds.get_hostname().hostname, 'keys': ds.get_public_ssh_keys(),
  'user': text.decode() if isinstance(text, bytes) else text}))
`;

interface Answer {
  status: number;
  body: string;
}

describe('metadata on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let port: number;
  let more: number;
  let serving: ChildProcess;
  let output: string;

  before(async () => {
    const shared = await TestNamespace.create('metadata-crds');
    await installCrds(shared.client, kinds);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('metadata');
    ({ client, name: namespace } = own);
    port = await chooseFreePort('127.0.0.1', { taken: [] });
    more = await chooseFreePort('127.0.0.1', { taken: [port] });
    output = '';
  });

  afterEach(async () => {
    await end('SIGKILL');
    await own[Symbol.asyncDispose]();
  });

  function start(...flags: string[]): void {
    const where = ['--kubeconfig', testControlPlane().kubeconfigFile, '--backend-kube-namespace', namespace];
    const ports = ['--bind-address', '127.0.0.1', '--http-port', String(port), '--tootles-more-ports', String(more)];
    serving = spawn(captFile, ['serve', '--services', 'metadata', ...where, ...ports, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [serving.stdout, serving.stderr]) stream?.on('data', (data) => (output += String(data)));
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (serving.exitCode !== null || serving.signalCode !== null) return serving.exitCode;
    const exit = once(serving, 'exit');
    serving.kill(signal);
    return (await exit)[0] as number | null;
  }

  const ready = () => eventually(async () => assert.equal((await curl('/readyz', '127.0.0.1')).status, 200, output));

  /** curl, from the address of a machine. Status 0: no connection. */
  function curl(path: string, from: string, options: string[] = [], at = port): Promise<Answer> {
    const shape = ['--silent', '--max-time', '10', '--interface', from, '--write-out', '\n%{http_code}'];
    return new Promise((resolve) => {
      execFile('curl', [...shape, ...options, `http://127.0.0.1:${at}${path}`], (_, stdout) => {
        const cut = stdout.lastIndexOf('\n');
        resolve({ status: Number(stdout.slice(cut + 1)), body: stdout.slice(0, cut) });
      });
    });
  }

  async function machine(name: string, address: string): Promise<void> {
    const dhcp = { mac: '02:00:5e:00:53:01', hostname: name, ip: { address, netmask: '255.255.255.0' } };
    const instance = { id: `id-${name}`, hostname: name, ssh_keys: [`ssh-ed25519 AAAA ${name}`] };
    await client.create(Hardware, {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: { namespace, name },
      spec: { interfaces: [{ dhcp }], metadata: { instance }, userData: `#cloud-config\n# secret of ${name}.\n` },
    });
  }

  it('gives curl the tree of its machine, on the old ports too, and stops in order', async () => {
    await machine('one', '127.0.8.1');
    await machine('two', '127.0.8.2');
    start();
    await ready();
    for (const at of [port, more]) {
      for (const [from, name] of [
        ['127.0.8.1', 'one'],
        ['127.0.8.2', 'two'],
      ] as const) {
        const get = async (path: string) => (await curl(path, from, [], at)).body;
        assert.equal(await get('/2009-04-04/user-data'), `#cloud-config\n# secret of ${name}.\n`);
        assert.equal(await get('/2009-04-04/meta-data/instance-id'), `id-${name}`);
        assert.equal(await get('/2009-04-04/'), 'meta-data/\nuser-data');
      }
    }
    assert.equal((await curl('/2009-04-04', '127.0.8.1', ['--location'])).body, 'meta-data/\nuser-data');
    assert.deepEqual(await curl('/2009-04-04/user-data', '127.0.8.3'), { status: 404, body: '' });
    assert.equal((await curl('/metrics', '127.0.8.3')).status, 200);
    assert.equal(await end('SIGTERM'), 0, output);
  });

  it("never gives another machine's data: tries headers, ids, paths, moves and twins", async () => {
    const names = ['one', 'two', 'three'] as const;
    for (const [index, name] of names.entries()) await machine(name, `127.0.8.${index + 1}`);
    start('--tootles-instance-endpoint', '--trusted-proxies', '192.0.2.0/24');
    await ready();
    const paths = ['/2009-04-04/user-data', '/nocloud/user-data', '/nocloud/meta-data', '/ignition', '/metadata'];
    const stolen: string[] = [];
    const ask = async (from: number, path: string, options: string[] = []) => {
      const answer = await curl(path, `127.0.8.${from}`, options);
      if (names.some((name, index) => index + 1 !== from && answer.body.includes(`secret of ${name}.`))) {
        stolen.push(`127.0.8.${from} ${path} ${options.join(' ')}`);
      }
      return answer;
    };
    for (const path of paths) {
      for (const header of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Forwarded-Host', 'Host']) {
        await ask(1, path, ['--header', `${header}: 127.0.8.2`]);
      }
      await ask(1, `${path}?ip=127.0.8.2`);
      await ask(4, path);
    }
    assert.equal((await ask(1, '/tootles/instanceID/id-two/2009-04-04/user-data')).status, 403);
    assert.equal((await ask(1, '/tootles/instanceID/id-one/2009-04-04/user-data')).status, 200);
    // Two machines change places: each gets its own after it, and nothing of the other on the way.
    const move = (name: string, address: string) =>
      client.mergePatch(Hardware, { namespace, name }, { spec: { interfaces: [{ dhcp: { ip: { address } } }] } });
    await move('two', '127.0.8.9');
    await move('three', '127.0.8.2');
    await eventually(async () =>
      assert.match((await curl('/2009-04-04/user-data', '127.0.8.2')).body, /secret of three/),
    );
    assert.equal((await ask(3, '/2009-04-04/user-data')).status, 404);
    // A twin in the same namespace: neither is served, and the log says so.
    await machine('twin', '127.0.8.1');
    await eventually(async () => assert.deepEqual(await ask(1, '/2009-04-04/user-data'), { status: 500, body: '' }));
    await eventually(() =>
      assert.match(output, /no metadata for 127\.0\.8\.1: it is in Hardware .*\/one and .*\/twin/),
    );
    await client.delete(Hardware, { namespace, name: 'twin' });
    await eventually(async () => assert.equal((await ask(1, '/2009-04-04/user-data')).status, 200));
    assert.deepEqual(stolen, []);
    assert.ok(!output.includes('secret of'), output);
  });

  it('is killed and started again: who asks meanwhile is told to wait, never that there is nothing', async () => {
    await machine('one', '127.0.8.1');
    start();
    await ready();
    const seen = new Set<number>();
    for (let kill = 0; kill < 2; kill++) {
      await end('SIGKILL');
      start();
      await eventually(async () => {
        const { status } = await curl('/2009-04-04/user-data', '127.0.8.1');
        seen.add(status);
        assert.equal(status, 200, output);
      });
    }
    assert.ok(
      [...seen].every((status) => [0, 200, 503].includes(status)),
      [...seen].join(),
    );
  });

  for (const source of ['ec2', 'nocloud']) {
    it(`is read by cloud-init as ${source}`, async function () {
      const python = (...parameters: string[]) =>
        new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
          execFile('/usr/bin/python3', ['-W', 'ignore', ...parameters], (error, stdout, stderr) =>
            resolve({ failed: error !== null, stdout, stderr }),
          );
        });
      if ((await python('-c', 'import cloudinit')).failed) {
        skipBecause(this, 'cloud-init is not installed (Debian: cloud-init)');
      }
      await machine('one', '127.0.0.1');
      start();
      await ready();
      const folder = await mkdtemp(join(tmpdir(), 'capt-cloud-init-'));
      try {
        const { stdout, stderr } = await python('-c', cloudInit, `http://127.0.0.1:${port}`, folder, source);
        assert.deepEqual(
          JSON.parse(stdout || 'null'),
          {
            id: 'id-one',
            host: 'one',
            keys: ['ssh-ed25519 AAAA one'],
            user: '#cloud-config\n# secret of one.\n',
          },
          stderr,
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
