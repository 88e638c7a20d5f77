import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { ClientCredentials } from '../../src/bootstrap/local/kubeconfig.ts';
import { readState, writeState } from '../../src/bootstrap/local/state.ts';
import type { ControlPlaneStatus } from '../../src/bootstrap/local/status.ts';
import { identifyProcess, isAlive } from '../../src/bootstrap/process/identity.ts';
import { waitUntil } from '../../src/bootstrap/process/wait-until.ts';
import { askApi } from '../support/local-api.ts';
import { capt, captFile } from '../support/local-cli.ts';
import { processesWith } from '../support/local-processes.ts';

const timeoutMs = 30_000;

function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'capt-up-'));
}

describe('capt kubernetes', () => {
  let directory: string;
  let stateFile: string;
  const up = (...args: string[]) => capt(['kubernetes', 'up', '--dir', directory, ...args]);
  const down = () => capt(['kubernetes', 'down', '--dir', directory]);
  const status = async () => {
    const { stdout, exitCode } = await capt(['kubernetes', 'status', '--dir', directory, '--output', 'json']);
    return { ...(JSON.parse(stdout) as ControlPlaneStatus), exitCode };
  };
  const pidOf = ({ processes }: ControlPlaneStatus, name: string): number =>
    processes.find((row) => row.name === name)?.pid ?? assert.fail(`${name} does not run`);
  const admin = (): ClientCredentials => {
    const pki = (file: string) => readFileSync(join(directory, 'pki', file), 'utf8');
    const server = readState(stateFile)?.server ?? assert.fail('no state');
    return { server, ca: pki('ca.crt'), cert: pki('admin.crt'), key: pki('admin.key') };
  };
  const healthy = () => waitUntil(async () => (await status()).healthy, { timeoutMs, intervalMs: 100 });

  before(async () => {
    directory = temporaryDirectory();
    stateFile = join(directory, 'state.json');
    const [first, second] = await Promise.all([up('--port', '0'), up('--port', '0')]);
    for (const { exitCode, output } of [first, second]) assert.equal(exitCode, 0, output);
    // Two at once: one started it, the other waited for that and says so.
    const already = [first, second].filter(({ stdout }) => stdout.includes('is running already'));
    assert.equal(already.length, 1);
  });
  after(async () => {
    await down();
    rmSync(directory, { recursive: true });
  });

  it('is healthy when up returns, with a kubeconfig for its owner only', async () => {
    const current = await status();
    assert.equal(current.health, 'ok');
    assert.equal(current.exitCode, 0);
    assert.match(current.version ?? '', /^v1\.\d+\.\d+$/);
    assert.deepEqual(
      current.processes.map(({ name }) => name),
      ['supervisor', 'etcd', 'kube-apiserver', 'kube-controller-manager'],
    );
    assert.equal(statSync(current.kubeconfig).mode & 0o777, 0o600);
    const { stdout } = await capt(['kubernetes', 'status', '--dir', directory]);
    assert.match(stdout, /^Health +ok$/m);
  });

  it('tells strangers nothing but health', async () => {
    const { server, ca } = admin();
    for (const path of ['/readyz', '/livez', '/healthz'])
      assert.equal((await askApi({ server, ca }, path)).status, 200);
    for (const path of ['/api', '/version', '/metrics', '/apis']) {
      assert.equal((await askApi({ server, ca }, path)).status, 401, path);
    }
    assert.equal((await askApi(admin(), '/api')).status, 200);
  });

  it('keeps etcd from everybody without a certificate', async () => {
    const etcdPort = readState(stateFile)?.etcdClientPort;
    const ca = readFileSync(join(directory, 'pki', 'etcd-ca.crt'), 'utf8');
    await assert.rejects(askApi({ server: `https://127.0.0.1:${etcdPort}`, ca }, '/version'));
  });

  it('says that it runs already', async () => {
    const { exitCode, stdout } = await up('--port', '1');
    assert.equal(exitCode, 0);
    assert.match(stdout, /is running already/);
  });

  it('comes back by itself, with its data, when the API server is killed', async () => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'survivor' } };
    assert.equal((await askApi(admin(), '/api/v1/namespaces', { method: 'POST', body })).status, 201);
    const killed = pidOf(await status(), 'kube-apiserver');
    process.kill(killed, 'SIGKILL');
    assert.ok(await healthy());
    const current = await status();
    assert.notEqual(pidOf(current, 'kube-apiserver'), killed);
    assert.equal(current.processes.find((row) => row.name === 'kube-apiserver')?.restarts, 1);
    assert.equal((await askApi(admin(), '/api/v1/namespaces/survivor')).status, 200);
  });

  it('recovers with the next up when its supervisor was killed', async () => {
    const before = await status();
    const supervisor = identifyProcess(pidOf(before, 'supervisor'));
    process.kill(pidOf(before, 'supervisor'), 'SIGKILL');
    assert.ok(supervisor !== undefined);
    assert.ok(await waitUntil(() => !isAlive(supervisor), { timeoutMs }));
    const orphaned = await status();
    assert.equal(orphaned.exitCode, 1);
    assert.match(orphaned.health, /left behind: run up to recover/);

    const { exitCode, output } = await up();
    assert.equal(exitCode, 0, output);
    const after = await status();
    assert.equal(after.endpoint, before.endpoint);
    assert.equal((await askApi(admin(), '/api/v1/namespaces/survivor')).status, 200);
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager']) {
      assert.equal(identifyProcess(pidOf(before, name)), undefined, `${name} of the dead supervisor still runs`);
    }
  });

  it('leaves no process after down, which may be called again', async () => {
    const { exitCode, stdout } = await down();
    assert.equal(exitCode, 0);
    assert.match(stdout, /^ended supervisor, kube-controller-manager, kube-apiserver, etcd/);
    assert.deepEqual(processesWith(directory), []);
    const again = await down();
    assert.equal(again.exitCode, 0);
    assert.match(again.stdout, /nothing runs/);
    assert.equal((await status()).health, 'stopped');
  });

  it('does not touch a stranger who has a pid on record by now', async () => {
    const stranger = spawn('sleep', ['600']);
    try {
      const state = readState(stateFile) ?? assert.fail('no state');
      const identity = { pid: stranger.pid ?? 0, startedAt: '1-some-other-boot' };
      const processes = state.processes.map((each) => ({ ...each, state: 'ready' as const, identity }));
      writeState(stateFile, { ...state, phase: 'ready', supervisor: identity, processes });
      assert.match((await down()).stdout, /nothing runs/);
      assert.notEqual(identifyProcess(identity.pid), undefined);
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('refuses a port that is taken, names it, and leaves nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, output } = await up('--port', String(port));
    server.close();
    assert.equal(exitCode, 1);
    assert.match(
      output,
      new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use[\\s\\S]*--port[\\s\\S]*\\[PORT_IN_USE\\]`),
    );
    assert.deepEqual(processesWith(directory), []);
  });

  it('ends what it started when it is interrupted', async () => {
    const starting = spawn(captFile, ['kubernetes', 'up', '--dir', directory], { stdio: 'ignore' });
    const exited = once(starting, 'exit');
    const etcdRuns = () => readState(stateFile)?.phase === 'starting' && processesWith(directory).length > 2;
    assert.ok(await waitUntil(etcdRuns, { timeoutMs }));
    starting.kill('SIGINT');
    assert.deepEqual(await exited, [130, null]);
    assert.deepEqual(processesWith(directory), []);
  });

  it('stays attached in the foreground until it is told to end', async () => {
    const running = spawn(captFile, ['kubernetes', 'up', '--foreground', '--dir', directory], { stdio: 'ignore' });
    const exited = once(running, 'exit');
    assert.ok(await healthy());
    running.kill('SIGINT');
    assert.deepEqual(await exited, [0, null]);
    assert.deepEqual(processesWith(directory), []);
  });

  it('names the process that does not come up, with its last words', async () => {
    const assets = temporaryDirectory();
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager']) {
      writeFileSync(join(assets, name), '#!/bin/sh\necho "no such flag"; exit 3\n', { mode: 0o755 });
    }
    const { exitCode, output } = await capt(['kubernetes', 'up', '--dir', directory], { KUBEBUILDER_ASSETS: assets });
    rmSync(assets, { recursive: true });
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /etcd ended with exit code 3; last lines of .*etcd\.log:\nno such flag[\s\S]*\[CONTROL_PLANE_NOT_READY\]/,
    );
    assert.deepEqual(processesWith(directory), []);
  });
});
