import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { Machine } from '../../src/api/capi/v1beta2/machine.ts';
import { MachineDeployment } from '../../src/api/capi/v1beta2/machine-deployment.ts';
import { Node } from '../../src/api/core/node.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { eventually } from '../faults/eventually.ts';
import { listBy } from '../support/list-by.ts';
import { capt, captFile } from '../support/local-cli.ts';

describe('capt quickstart on simulated machines', function () {
  this.timeout(600_000);
  let folder: string;
  let dir: string;
  const quickstart = (...args: string[]) => capt(['quickstart', ...args, '--dir', dir]);
  const up = () => quickstart('--rack', 'simulated', '--machines', '3', '--quick', '--port', '0');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-quickstart-'));
    dir = join(folder, 'q');
  });
  after(async () => {
    await quickstart('down', '--purge');
    rmSync(folder, { recursive: true });
  });

  /** Command lines of processes that have to do with the folder of this test. */
  function processes(): string[] {
    return readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(dir) ? [line] : [];
      } catch {
        return [];
      }
    });
  }

  /** Runs it until a line matches, then as if somebody had pressed Ctrl-C, or has killed it. @returns exit code and output */
  async function interruptAt(
    line: RegExp,
    signal: 'SIGINT' | 'SIGKILL' = 'SIGINT',
  ): Promise<{ exitCode: number | null; output: string }> {
    const args = ['quickstart', '--rack', 'simulated', '--machines', '3', '--quick', '--port', '0', '--dir', dir];
    const child = spawn(captFile, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let interrupted = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += String(data);
        if (interrupted || !line.test(output)) return;
        interrupted = true;
        child.kill(signal);
      });
    }
    const [exitCode] = await once(child, 'close');
    return { exitCode, output };
  }

  for (const [what, line] of [
    ['while it starts Kubernetes', /\] Kubernetes: /],
    ['while machines boot', /\] Machines: /],
  ] as const) {
    it(`leaves nothing running when it is interrupted ${what}`, async () => {
      const { exitCode, output } = await interruptAt(line);
      assert.equal(exitCode, 130, output);
      assert.match(output, /INTERRUPTED/);
      assert.deepEqual(processes(), [], output);
    });
  }

  it('leaves nothing running when it is killed while it starts Kubernetes', async () => {
    await interruptAt(/\] Kubernetes: /, 'SIGKILL');
    await eventually(() => assert.deepEqual(processes(), []), 30);
  });

  async function scaleTo(replicas: number): Promise<void> {
    const client = connect(loadKubeConfig({ path: join(dir, 'management.kubeconfig') }));
    try {
      const place = { namespace: 'default', name: 'quickstart-worker-a' };
      await client.mergePatch(MachineDeployment, place, { spec: { replicas } });
    } finally {
      await client.close();
    }
  }

  it('goes from nothing to a cluster whose machines run, and tells how', async () => {
    const { exitCode, output, stdout } = await up();
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /^\[ *\d+\.\d s\] Kubernetes: done in /m);
    assert.match(stdout, /^\[ *\d+\.\d s\] quickstart-control-plane-\S+ on node-\d: runs as node node-\d$/m);
    assert.match(stdout, /^ {2}Machines +\d/m);
    assert.match(stdout, /^quickstart-worker-a-\S+ +quickstart .* Running/m);
    for (const name of ['management.kubeconfig', 'cluster.kubeconfig', 'quickstart.json', 'cluster.yaml']) {
      assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600, name);
    }
    const machines = await listBy(join(dir, 'management.kubeconfig'), Machine);
    assert.deepEqual(
      machines.map(({ status }) => status?.phase),
      ['Running', 'Running'],
    );
    const nodes = new Map(
      (await listBy(join(dir, 'cluster.kubeconfig'), Node)).map(({ metadata, spec }) => [metadata.name, spec]),
    );
    for (const { spec, status } of machines) {
      assert.equal(nodes.get(status?.nodeRef?.name)?.providerID, spec?.providerID);
    }
  });

  it('prints commands for an upgrade by hand that the API server takes', async () => {
    const { stdout } = await up();
    const printed = stdout.split('\n').map((line) => line.trim());
    const beginning = (...starts: string[]) => printed.filter((line) => starts.some((start) => line.startsWith(start)));
    const byHand = beginning('kubectl get tinkerbellmachinetemplate ', 'kubectl patch machinedeployment ');
    const script = [...beginning('export '), ...byHand.map((line) => `${line} --dry-run=server`)].join('\n');
    const { stdout: said } = await promisify(execFile)('sh', ['-ec', script]);
    assert.equal(
      said.replaceAll(/ \((server )?dry run\)/g, ''),
      'tinkerbellmachinetemplate.infrastructure.cluster.x-k8s.io/quickstart-worker-a-by-hand created\n' +
        'machinedeployment.cluster.x-k8s.io/quickstart-worker-a patched\n',
    );
  });

  it('goes on with what runs when it is run again, and touches nothing that is to be different', async () => {
    const running = processes().length;
    const again = await up();
    assert.equal(again.exitCode, 0, again.output);
    assert.match(again.stdout, /going on with it/);
    assert.equal(processes().length, running);
    const other = await quickstart('--rack', 'simulated', '--machines', '4');
    assert.equal(other.exitCode, 1);
    assert.match(other.output, /machines 3 instead of 4[\s\S]*QUICKSTART_DIFFERS/);
  });

  it('scales, and gives back a host whose disk is wiped', async () => {
    const { exitCode, output, stdout } = await quickstart('demo', 'scale');
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /nothing is on its disk/);
    await scaleTo(2);
    const full = await quickstart('demo', 'scale');
    assert.match(full.output, /all 3 machines of the rack are in use[\s\S]*NO_SPARE_MACHINE/);
    await scaleTo(1);
  });

  it('rolls its worker to another template without a host to spare', async () => {
    const { exitCode, output, stdout } = await quickstart('demo', 'upgrade');
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /made from quickstart-worker-a-v2/);
  });

  it('ends everything and removes it', async () => {
    const ended = await quickstart('down', '--purge');
    assert.equal(ended.exitCode, 0, ended.output);
    assert.deepEqual(processes(), []);
    assert.ok(!existsSync(dir));
    assert.match((await quickstart('down')).stdout, /nothing is in/);
  });
});
