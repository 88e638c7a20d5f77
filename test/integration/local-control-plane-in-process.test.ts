import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { CaptError } from '../../src/api/errors/capt-error.ts';
import { LocalControlPlane } from '../../src/bootstrap/local/local-control-plane.ts';
import { findPrograms } from '../../src/bootstrap/local/programs.ts';
import { readState } from '../../src/bootstrap/local/state.ts';
import { waitUntil } from '../../src/bootstrap/process/wait-until.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { askApi } from '../support/local-api.ts';
import { capt, captFile } from '../support/local-cli.ts';
import { createFakeGo } from '../support/local-fake-go.ts';
import { processesWith } from '../support/local-processes.ts';

const timeoutMs = 30_000;

describe('the local control plane', () => {
  const ask = (path: string, options?: Parameters<typeof askApi>[2]) =>
    askApi(testControlPlane().adminCredentials, path, options);

  it('runs the controllers a management cluster needs', async () => {
    const named = (kind: string, name: string, more: object = {}) => ({ kind, metadata: { name, ...more } });
    const create = async (path: string, body: { kind: string }, apiVersion = 'v1') => {
      const answer = await ask(path, { method: 'POST', body: { apiVersion, ...body } });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body as { metadata: { uid: string } };
    };
    const gone = async (path: string) => (await ask(path)).status === 404;
    await create('/api/v1/namespaces', named('Namespace', 'local-controllers'));
    const base = '/api/v1/namespaces/local-controllers';
    assert.ok(
      await waitUntil(async () => (await ask(`${base}/serviceaccounts/default`)).status === 200, { timeoutMs }),
      'no default service account',
    );
    const { uid } = (await create(`${base}/configmaps`, named('ConfigMap', 'owner'))).metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
    await create(`${base}/configmaps`, named('ConfigMap', 'dependent', { ownerReferences }));
    await ask(`${base}/configmaps/owner`, { method: 'DELETE' });
    assert.ok(await waitUntil(() => gone(`${base}/configmaps/dependent`), { timeoutMs }), 'no garbage collection');

    const rbac = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
    const label = { 'local-control-plane.test/aggregate': 'true' };
    const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }];
    const total = {
      ...named('ClusterRole', 'local-total'),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: label }] },
    };
    await create(rbac, total, 'rbac.authorization.k8s.io/v1');
    await create(
      rbac,
      { ...named('ClusterRole', 'local-part', { labels: label }), rules } as { kind: string },
      'rbac.authorization.k8s.io/v1',
    );
    const aggregated = async () =>
      ((await ask(`${rbac}/local-total`)).body as { rules: unknown[] | null }).rules?.length === 1;
    assert.ok(await waitUntil(aggregated, { timeoutMs }), 'no role aggregation');
    for (const name of ['local-total', 'local-part']) await ask(`${rbac}/${name}`, { method: 'DELETE' });
    await ask(base, { method: 'DELETE' });
    assert.ok(await waitUntil(() => gone(base), { timeoutMs }), 'the namespace stays');
  });

  it('is refused to a second supervisor of the same folder', async () => {
    const { directory } = testControlPlane();
    const second = new LocalControlPlane({
      directory,
      programs: { etcd: '', 'kube-apiserver': '', 'kube-controller-manager': '' },
    });
    const record = readState(join(directory, 'state.json'));
    await assert.rejects(second.start(), (error: unknown) => {
      assert.ok(error instanceof CaptError && error.code === 'CONTROL_PLANE_LOCKED');
      return true;
    });
    await second.stop();
    assert.deepEqual(readState(join(directory, 'state.json')), record);
  });

  it('starts once for several callers, stops after half a start, and leaves nothing', async () => {
    const assetsDirectory = await builtDirectory();
    const unused = { cacheDirectory: '', environment: {}, report: () => undefined };
    const programs = await findPrograms({ ...unused, assetsDirectory });
    const directory = mkdtempSync(join(tmpdir(), 'capt-half-'));
    const half = new LocalControlPlane({
      directory,
      programs,
      port: 0,
      unsafeNoFsync: true,
      parentDeathSignal: 'SIGKILL',
    });
    try {
      assert.equal(half.start(), half.start());
      assert.ok(await waitUntil(() => half.processes[0]?.state === 'ready', { timeoutMs }));
      await Promise.all([assert.rejects(half.start(), /interrupted/), half.stop(), half.stop()]);
      assert.deepEqual(processesWith(directory), []);
      assert.equal(readState(join(directory, 'state.json'))?.phase, 'stopped');
    } finally {
      await half.stop();
      rmSync(directory, { recursive: true });
    }
  });

  it('dies with a test run that is killed', async () => {
    const script = `
      const { startTestControlPlane } = await import(${JSON.stringify(new URL('../support/control-plane.ts', import.meta.url).href)});
      process.stdout.write((await startTestControlPlane()).directory);
      setInterval(() => undefined, 1_000);`;
    const run = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(run.stdout, 'data')) as [Buffer];
    const directory = chunk.toString();
    assert.equal(processesWith(directory).length, 3);
    run.kill('SIGKILL');
    assert.ok(await waitUntil(() => processesWith(directory).length === 0, { timeoutMs: 5_000 }));
    rmSync(directory, { recursive: true });
  });
});

describe('capt kubernetes build', () => {
  const builtWith = (go: Awaited<ReturnType<typeof createFakeGo>>) => ({
    ...go.environment,
    CAPT_CACHE_DIR: go.cacheDirectory,
    KUBEBUILDER_ASSETS: '',
  });

  it('is whole after a builder was killed, and builds once for two at a time', async () => {
    await using go = await createFakeGo();
    const environment = { ...builtWith(go), PATH: `${go.environment['PATH']}:/usr/bin:/bin` };
    await go.hold();
    const killed = spawn(captFile, ['kubernetes', 'build'], { env: environment, stdio: 'ignore' });
    assert.ok(await waitUntil(async () => (await go.builds()) === 1, { timeoutMs }));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const both = [capt(['kubernetes', 'build'], environment), capt(['kubernetes', 'build'], environment)];
    assert.ok(await waitUntil(async () => (await go.builds()) === 2, { timeoutMs }));
    await go.release();
    const [first, second] = await Promise.all(both);
    assert.equal(first?.exitCode, 0, first?.output);
    assert.equal(first?.stdout, second?.stdout);
    assert.equal(await go.builds(), 2);
  });

  it('ends with 130 and keeps nothing when it is interrupted', async () => {
    await using go = await createFakeGo();
    await go.hold();
    const environment = { ...builtWith(go), PATH: `${go.environment['PATH']}:/usr/bin:/bin` };
    const running = spawn(captFile, ['kubernetes', 'build'], { env: environment, stdio: 'ignore' });
    const exited = once(running, 'exit');
    assert.ok(await waitUntil(async () => (await go.builds()) === 1, { timeoutMs }));
    running.kill('SIGINT');
    assert.deepEqual(await exited, [130, null]);
    await go.release();
    assert.equal((await capt(['kubernetes', 'build'], environment)).exitCode, 0);
  });
});

/** The folder with the programs, built before by the control plane of this run. */
async function builtDirectory(): Promise<string> {
  const { stdout, exitCode, output } = await capt(['kubernetes', 'build']);
  assert.equal(exitCode, 0, output);
  return stdout;
}
