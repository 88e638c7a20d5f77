import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { readSettings } from '../../src/cli/settings.ts';
import { probeBoot } from '../../src/rack/qemu/acceleration.ts';
import { endAbandonedNetworks, networkNames } from '../../src/rack/qemu/network/network.ts';
import { QemuRack } from '../../src/rack/qemu/rack.ts';
import { eventually } from '../faults/eventually.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('rack-process.ts', import.meta.url));

describe('a rack of machines in QEMU leaves nothing', function () {
  this.timeout(120_000);
  let folder: string;
  let child: ChildProcess | undefined;

  before(async function () {
    const reason = NetworkNamespaces.unavailable() ?? (await missing('qemu-system-x86_64'));
    if (reason !== undefined) skipBecause(this, reason);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-rack-'));
  });
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await endAbandonedNetworks(process.env);
    rmSync(folder, { recursive: true });
  });

  /** Starts a rack in a process of its own. @returns the name of its network */
  async function start(): Promise<string> {
    child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { stdout } = child;
    assert.ok(stdout);
    const [line] = await Promise.race([
      once(stdout, 'data'),
      once(child, 'exit').then(() => assert.fail('it has ended')),
    ]);
    const [name = '', state] = String(line).trim().split(' ');
    assert.equal(state, 'on');
    assert.equal(processes('qemu-system-x86_64').length, 1);
    return name;
  }

  /** The processes whose command line names the folder of this test and `what`, but for the owner. */
  function processes(what = ''): string[] {
    return readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid) || Number(pid) === child?.pid) return false;
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes(folder) && command.includes(what);
      } catch {
        return false;
      }
    });
  }

  /** What of a rack can be seen among the interfaces of this namespace. */
  async function traces(): Promise<string[]> {
    const { stdout } = await run('ip', ['-o', 'link']);
    return stdout.match(/\b(?:rack0|tap0-0)\b/g) ?? [];
  }

  it('when it is ended by Ctrl-C', async () => {
    const name = await start();
    assert.deepEqual(await traces(), []);
    assert.ok(networkNames().includes(name));
    child?.kill('SIGINT');
    if (child?.exitCode === null) await once(child, 'exit');
    assert.equal(child?.exitCode, 130);
    assert.deepEqual(processes(), []);
    assert.ok(!networkNames().includes(name));
    assert.deepEqual(await traces(), []);
  });

  it('when it is killed: machines and network go with their owner', async () => {
    const name = await start();
    child?.kill('SIGKILL');
    await eventually(() => assert.deepEqual(processes(), []));
    await eventually(() => assert.ok(!networkNames().includes(name)));
  });

  it('when it cannot be built', async () => {
    const wanted = { machines: [], directory: folder, environment: process.env, acceleration: 'tcg' } as const;
    await assert.rejects(QemuRack.start({ ...wanted, address: 'nonsense' }), { code: 'RACK_NETWORK_FAILED' });
    await assert.rejects(QemuRack.start({ ...wanted, address: '192.0.2.1/24', program: join(folder, 'none') }), {
      code: 'QEMU_MISSING',
    });
    const own = networkNames().filter((name) => name.includes(`-${process.pid}-`));
    assert.deepEqual(own, []);
  });
});

describe('the probe for acceleration', function () {
  this.timeout(120_000);

  it('sees a kernel boot', async function () {
    const reason = await missing('qemu-system-x86_64');
    if (reason !== undefined) skipBecause(this, reason);
    const { cacheDirectory } = readSettings(process.env, homedir());
    const files = ['installer/*/vmlinuz-*', 'debian-packages/linux-image-*/boot/vmlinuz-*'];
    const [kernel] = globSync([...files.map((file) => join(cacheDirectory, file)), '/boot/vmlinuz-*']);
    if (kernel === undefined) return skipBecause(this, 'there is no kernel yet; other tests here make one');
    const patient = { environment: process.env, firstWordTimeoutMs: 50_000, bootTimeoutMs: 60_000 };
    assert.equal(await probeBoot('tcg', kernel, patient), undefined);
  });
});
