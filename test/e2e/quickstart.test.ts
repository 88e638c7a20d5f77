import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'mocha';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { Node } from '../../src/api/core/node.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { networkNames } from '../../src/rack/qemu/network/network.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { leftovers } from '../support/leftovers.ts';
import { listBy } from '../support/list-by.ts';
import { capt, captFile } from '../support/local-cli.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';

/** A machine that does other things meanwhile takes its time; nothing here is about speed. */
const patience = '60m';

describe('capt quickstart on machines in QEMU', function () {
  this.timeout(3 * 3600_000);
  let folder: string;
  let dir: string;
  let networks: string[];
  const quickstart = (...args: string[]) => capt(['quickstart', ...args, '--dir', dir]);

  before(async function () {
    const tools = ['qemu-system-x86_64', 'mmdebstrap', 'grub-mkimage'];
    const absent = (await Promise.all(tools.map(missing))).find((reason) => reason !== undefined);
    const reason = NetworkNamespaces.unavailable() ?? absent;
    if (reason !== undefined) skipBecause(this, reason);
    networks = networkNames();
    folder = mkdtempSync(join(tmpdir(), 'capt-quickstart-'));
    dir = join(folder, 'q');
  });
  after(async () => {
    if (folder === undefined) return;
    await quickstart('down', '--purge');
    rmSync(folder, { recursive: true });
  });

  /** What holds of a cluster that runs: every machine has a node of its own that is ready, on real kubelets. */
  async function assertRunning(count: number): Promise<void> {
    const machines = await listBy(join(dir, 'management.kubeconfig'), Machine);
    const nodes = await listBy(join(dir, 'cluster.kubeconfig'), Node);
    assert.equal(machines.length, count);
    assert.equal(nodes.length, count);
    for (const { metadata, spec, status } of machines) {
      const node = nodes.find((each) => each.metadata.name === status?.nodeRef?.name);
      assert.equal(status?.phase, 'Running', metadata.name);
      assert.equal(node?.spec?.providerID, spec?.providerID);
      assert.equal(node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status, 'True');
      assert.match(node?.status?.nodeInfo?.containerRuntimeVersion ?? '', /^containerd:\/\/2/);
    }
  }

  const up = ['--rack', 'qemu', '--port', '0', '--timeout', patience];

  /** Runs it until a line matches, then sends it a signal. @returns its exit code */
  async function cutOffAt(line: RegExp, signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    const child = spawn(captFile, ['quickstart', ...up, '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    for await (const text of createInterface({ input: child.stdout })) if (line.test(text)) child.kill(signal);
    const [exitCode] = await ended;
    return exitCode;
  }

  it('leaves nothing running when it is interrupted while machines boot', async () => {
    assert.equal(await cutOffAt(/boots the installer/, 'SIGINT'), 130);
    assert.deepEqual(leftovers(folder), []);
    assert.deepEqual(networkNames(), networks);
  });

  it('powers machines on, boots them over the network, installs them, and they become a cluster', async () => {
    // Whoever looks on is killed; nothing of it stops, and the next one looks on.
    await cutOffAt(/boots the installer/, 'SIGKILL');
    const { exitCode, output, stdout } = await quickstart(...up);
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /going on with it/);
    assert.match(stdout, /stream image to disk \(1 of \d+\): \d+ of \d+ MB \(\d+ %\)/);
    await assertRunning(2);
    for (const { metadata, status } of await listBy(join(dir, 'management.kubeconfig'), Workflow)) {
      assert.equal(status?.state, 'SUCCESS', metadata.name);
    }
  });

  it('scales by one machine and gives it back wiped', async () => {
    const { exitCode, output, stdout } = await quickstart('demo', 'scale', '--timeout', patience);
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /nothing is on its disk/);
    await assertRunning(2);
  });

  it('rolls its worker to another template without a host to spare', async () => {
    const { exitCode, output, stdout } = await quickstart('demo', 'upgrade', '--timeout', patience);
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /made from quickstart-worker-a-v2/);
    await assertRunning(2);
  });

  it('keeps passwords and tokens out of everything that is written down for people', () => {
    const csv = readFileSync(join(dir, 'rack', 'hardware.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const passwords = csv.map((line) => line.split(',').at(-1) ?? '');
    assert.ok(passwords.every((password) => password.length > 8));
    const logs = ['services/serve.log', 'rack/logs/supervisor.log', 'stack/logs/supervisor.log'];
    for (const log of logs.map((name) => join(dir, name))) {
      const text = readFileSync(log, 'utf8');
      for (const password of passwords) assert.ok(!text.includes(password), `${log} holds a password`);
      assert.doesNotMatch(text, /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/, `${log} holds a join token`);
    }
  });

  it('leaves nothing', async () => {
    const ended = await quickstart('down', '--purge');
    assert.equal(ended.exitCode, 0, ended.output);
    assert.ok(!existsSync(dir));
    assert.deepEqual(networkNames(), networks);
    assert.deepEqual(leftovers(folder), []);
  });
});
