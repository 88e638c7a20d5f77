import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import { fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { fakeProgram } from '../../src/netboot/ipxe/fake-programs.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { captFile } from '../support/local-cli.ts';
import { skipBecause } from '../support/reporter.ts';
import { TestNamespace } from '../support/test-namespace.ts';
import { missing } from './bmc-ipmi-tool.ts';

const run = promisify(execFile);
const mac = '02:00:5e:00:53:01';

describe('capt serve --services netboot', function () {
  this.timeout(120_000);
  let own: TestNamespace;
  let folder: string;
  let ports: { http: number; tftp: number; syslog: number };
  let child: ChildProcess | undefined;
  let output = '';
  const program = fakeProgram(0x8664, Buffer.alloc(900_000, 'program'));

  before(async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    own = await TestNamespace.create('netboot');
    await installCrds(own.client, kinds);
    folder = mkdtempSync(join(tmpdir(), 'netboot-'));
    writeFileSync(join(folder, 'ipxe.efi'), program);
    writeFileSync(join(folder, 'vmlinuz-x86_64'), 'kernel');
    const taken: number[] = [];
    for (let i = 0; i < 3; i++) taken.push(await chooseFreePort('127.0.0.1', { taken }));
    const [http = 0, tftp = 0, syslog = 0] = taken;
    ports = { http, tftp, syslog };
    const hardware = fakeHardware({ dhcp: { ip: { address: '127.0.0.1', netmask: '255.0.0.0' } } });
    await own.client.create(Hardware, { ...hardware, metadata: { name: 'node-1', namespace: own.name } });
  });
  after(async () => {
    await end('SIGKILL');
    if (folder) rmSync(folder, { recursive: true });
    await own?.[Symbol.asyncDispose]();
  });

  function start(...more: string[]): void {
    const flags = [
      ...['--kubeconfig', testControlPlane().kubeconfigFile, '--backend-kube-namespace', own.name],
      ...['--bind-address', '127.0.0.1', '--http-port', `${ports.http}`, '--tftp-server-bind-port', `${ports.tftp}`],
      ...['--syslog-bind-port', `${ports.syslog}`, '--ipxe-binary-dir', folder, '--artifacts-dir', folder],
      ...['--dhcp-enabled=false', ...more],
    ];
    child = spawn(captFile, ['serve', '--services', 'netboot', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  }

  async function end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const ending = child;
    child = undefined;
    if (ending === undefined) return null;
    if (ending.exitCode === null && ending.signalCode === null) {
      ending.kill(signal);
      await once(ending, 'exit');
    }
    return ending.exitCode ?? ending.signalCode;
  }

  const served = () =>
    eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.http}/readyz`).catch(() => undefined);
      assert.equal(answer?.status, 200, output);
    }, 60);

  const script = async () => (await fetch(`http://127.0.0.1:${ports.http}/ipxe/script/${mac}/auto.ipxe`)).text();

  async function allowPxe(allowPXE: boolean): Promise<void> {
    const name = { namespace: own.name, name: 'node-1' };
    const path = '/spec/interfaces/0/netboot/allowPXE';
    await own.client.jsonPatch(Hardware, name, [{ op: 'replace', path, value: allowPXE }]);
  }

  async function download(...options: string[]): Promise<string> {
    const url = `tftp://127.0.0.1:${ports.tftp}/${mac}/ipxe.efi`;
    const { stdout } = await run('curl', ['-sSf', ...options, url], {
      encoding: 'buffer',
      timeout: 60_000,
      maxBuffer: 2 ** 24,
    });
    return createHash('sha256').update(stdout).digest('hex');
  }

  it('serves program, script, installer and syslog on one process, follows the Hardware, stops in order', async () => {
    start();
    await served();
    assert.equal(await download(), createHash('sha256').update(program).digest('hex'));
    const text = await script();
    assert.match(text, new RegExp(`^set download-url http://127.0.0.1:${ports.http}/artifacts$`, 'm'));
    assert.match(text, /grpc_authority=127\.0\.0\.1:42113 /);
    const kernel = await fetch(`http://127.0.0.1:${ports.http}/artifacts/vmlinuz-x86_64`);
    assert.equal(await kernel.text(), 'kernel');
    const socket = createSocket('udp4');
    await new Promise((resolve) =>
      socket.send('<30>tink-agent[1]: {"msg":"started"}', ports.syslog, '127.0.0.1', resolve),
    );
    socket.close();
    await eventually(() =>
      assert.match(output, new RegExp(`"machine":"${own.name}/node-1".*"message":\\{"msg":"started"\\}`)),
    );
    assert.match(output, /there is no snp-arm64\.efi in .*: ARM64 UEFI machines cannot boot from here/);
    await allowPxe(false);
    await eventually(async () => assert.equal(await script(), ''), 20);
    await assert.rejects(download());
    await allowPxe(true);
    await eventually(async () => assert.match(await script(), /^#!ipxe/), 20);
    assert.equal(await end('SIGTERM'), 0, output);
  });

  it('is killed while machines download, and serves them when they ask again', async () => {
    for (let round = 0; round < 2; round++) {
      start();
      await served();
      const slow = download('--limit-rate', '200k', '--max-time', '4').catch(() => 'broken');
      await eventually(async () => assert.match(await script(), /^#!ipxe/), 20);
      await end('SIGKILL');
      start();
      await served();
      assert.equal(await download(), createHash('sha256').update(program).digest('hex'));
      await end('SIGKILL');
      await slow;
    }
  });

  it('says at the start what is wrong with folders', async () => {
    for (const [flags, message] of [
      [['--ipxe-binary-dir', '/none'], /there are no boot programs in \/none: .*\n?.*Debian package ipxe/],
      [['--artifacts-dir', '/none'], /files cannot be served from \/none/],
    ] as const) {
      start(...flags);
      const ending = child ?? assert.fail();
      if (ending.exitCode === null) await once(ending, 'exit');
      assert.equal(ending.exitCode, 1, output);
      assert.match(output, message);
    }
  });
});
