import assert from 'node:assert/strict';
import { access, mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createFakeGo, type FakeGo } from '../../../../test/support/local-fake-go.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { waitUntil } from '../../process/wait-until.ts';
import { buildKubernetes } from './build.ts';

describe('building Kubernetes', () => {
  let go: FakeGo;
  const lines: string[] = [];
  const build = (options: { signal?: AbortSignal; environment?: NodeJS.ProcessEnv } = {}) =>
    buildKubernetes({
      cacheDirectory: go.cacheDirectory,
      environment: go.environment,
      report: (line) => lines.push(line),
      reportIntervalMs: 20,
      ...options,
    });
  const entries = async () => (await readdir(join(go.cacheDirectory, 'kubernetes'))).filter((name) => name !== '.lock');
  const started = async (count = 1) =>
    assert.ok(await waitUntil(async () => (await go.builds()) === count, { timeoutMs: 5_000 }));
  const failsWith = (code: string) => (error: unknown) => error instanceof CaptError && error.code === code;

  beforeEach(async () => {
    go = await createFakeGo();
    lines.length = 0;
  });
  afterEach(() => go[Symbol.asyncDispose]());

  it('builds once and finds it again without running anything', async () => {
    const first = await build();
    assert.equal(first.built, true);
    assert.equal(await readlink(join(first.directory, 'kube-apiserver')), 'kubernetes');
    const second = await build({ environment: { PATH: '' } });
    assert.deepEqual(second, { ...first, built: false });
    assert.equal(await go.builds(), 1);
  });

  it('shows progress while it takes long', async () => {
    await go.hold();
    const running = build();
    assert.ok(
      await waitUntil(() => lines.some((line) => /^compiling 1\/3 packages, \d+ s$/.test(line)), { timeoutMs: 5_000 }),
    );
    await go.release();
    await running;
  });

  it('builds once for two callers at the same time', async () => {
    await go.hold();
    const both = [build(), build()];
    assert.ok(await waitUntil(() => lines.some((line) => line.includes('waiting for it')), { timeoutMs: 5_000 }));
    await go.release();
    const results = await Promise.all(both);
    assert.deepEqual(results.map((result) => result.built).sort(), [false, true]);
    assert.equal(await go.builds(), 1);
  });

  it('leaves nothing of an interrupted build, and the next one is whole', async () => {
    await go.hold();
    const controller = new AbortController();
    const running = build({ signal: controller.signal });
    await started();
    controller.abort(new CaptError('INTERRUPTED'));
    await assert.rejects(running, failsWith('INTERRUPTED'));
    assert.deepEqual(await entries(), []);
    await go.release();
    assert.equal((await build()).built, true);
  });

  it('lets a waiting caller go when it is interrupted', async () => {
    await go.hold();
    const running = build();
    await started();
    const controller = new AbortController();
    const waiting = build({ signal: controller.signal });
    controller.abort(new CaptError('INTERRUPTED'));
    await assert.rejects(waiting, failsWith('INTERRUPTED'));
    await go.release();
    assert.equal((await running).built, true);
  });

  it('removes what a killed builder left, and makes an entry without a binary anew', async () => {
    const { directory } = await build();
    await rm(join(directory, 'kubernetes'));
    const leftover = join(go.cacheDirectory, 'kubernetes', '.building-999999999.1-gone.1');
    await mkdir(leftover);
    await writeFile(join(leftover, 'kubernetes'), 'half');
    assert.equal((await build()).built, true);
    await access(join(directory, 'kubernetes'));
    assert.equal((await entries()).length, 1);
  });

  it('fails with the cause and leaves nothing', async () => {
    await go.breakWith('link: write /x: no space left on device');
    await assert.rejects(build(), failsWith('DISK_FULL'));
    await go.breakWith('main.go:1:1: syntax error');
    await assert.rejects(build(), /syntax error/);
    assert.deepEqual(await entries(), []);
  });

  it('says what is missing when there is neither Go nor Python', async () => {
    const empty = { PATH: join(go.directory, 'nothing') };
    await assert.rejects(build({ environment: empty }), (error: unknown) => {
      assert.ok(failsWith('GO_MISSING')(error));
      assert.match((error as Error).message, /no Go 1\.\d+ \(none on PATH\) and no Python.*no python3 on PATH/);
      return true;
    });
  });

  it('names a Go that is too old', async () => {
    await using old = await createFakeGo('1.19.8');
    await assert.rejects(build({ environment: old.environment }), /bin\/go is 1\.19\.8/);
  });

  it('names a cache folder that cannot be written to', async () => {
    await writeFile(go.cacheDirectory, 'a file where a folder should be');
    await assert.rejects(build(), failsWith('DIRECTORY_NOT_WRITABLE'));
  });
});
