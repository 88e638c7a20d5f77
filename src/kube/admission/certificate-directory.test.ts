import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { runtimeWarning } from '../telemetry/channels.ts';
import { CertificateAuthority, type CertificatePair } from './certificate-authority.ts';
import { CertificateDirectory, type CertificateDirectoryOptions } from './certificate-directory.ts';

describe('CertificateDirectory', () => {
  let authority: CertificateAuthority;
  let first: CertificatePair;
  let second: CertificatePair;
  let root: string;
  let stop: AbortController;
  let following: Promise<void>;
  let pairs: CertificatePair[];
  let warnings: string[];
  let unsubscribe: () => void;

  before(async () => {
    authority = await CertificateAuthority.create();
    [first, second] = await Promise.all([authority.issue({ hosts: ['a'] }), authority.issue({ hosts: ['b'] })]);
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'capt-certificates-'));
    stop = new AbortController();
    following = Promise.resolve();
    pairs = [];
    warnings = [];
    unsubscribe = runtimeWarning.subscribe(({ what, error }) => warnings.push(`${what}: ${error}`));
  });

  afterEach(async () => {
    stop.abort();
    await following;
    unsubscribe();
    await rm(root, { recursive: true });
  });

  /** Lays files out as the kubelet does: names are links through `..data`, which is swapped as a whole. */
  async function swap(version: string, pair: CertificatePair): Promise<void> {
    await mkdir(join(root, version));
    await writeFile(join(root, version, 'tls.crt'), pair.cert);
    await writeFile(join(root, version, 'tls.key'), pair.key);
    await symlink(version, join(root, '..data_tmp'));
    await rename(join(root, '..data_tmp'), join(root, '..data'));
  }

  async function mount(pair: CertificatePair): Promise<void> {
    await swap('..v1', pair);
    await symlink('..data/tls.crt', join(root, 'tls.crt'));
    await symlink('..data/tls.key', join(root, 'tls.key'));
  }

  async function write(pair: Partial<CertificatePair>): Promise<void> {
    if (pair.cert !== undefined) await writeFile(join(root, 'tls.crt'), pair.cert);
    if (pair.key !== undefined) await writeFile(join(root, 'tls.key'), pair.key);
  }

  async function follow(options: Partial<CertificateDirectoryOptions> = {}): Promise<void> {
    const directory = new CertificateDirectory({ directory: root, pollSeconds: 0.5, ...options });
    await directory.load();
    following = directory.follow(stop.signal, (pair) => pairs.push(pair));
  }

  async function until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 5_000;
    while (!condition()) {
      assert.ok(performance.now() < deadline, `not in time; warnings: ${warnings.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('takes a new pair when a mounted Secret is swapped', async () => {
    await mount(first);
    await follow();
    await swap('..v2', second);
    await until(() => pairs.length > 0);
    assert.deepEqual(pairs, [{ cert: second.cert, key: second.key }]);
  });

  it('takes it when nobody tells of the change', async () => {
    // A directory behind a link: the watch sits on the old one.
    await mkdir(join(root, 'one'));
    await mkdir(join(root, 'two'));
    for (const [name, pair] of [
      ['one', first],
      ['two', second],
    ] as const) {
      await writeFile(join(root, name, 'tls.crt'), pair.cert);
      await writeFile(join(root, name, 'tls.key'), pair.key);
    }
    await symlink('one', join(root, 'current'));
    await follow({ directory: join(root, 'current'), pollSeconds: 0.02 });
    await symlink('two', join(root, 'next'));
    await rename(join(root, 'next'), join(root, 'current'));
    await until(() => pairs.length > 0);
    assert.equal(pairs[0]?.cert, second.cert);
  });

  it('keeps the old pair while only half of the new one is there', async () => {
    await write(first);
    await follow({ settleSeconds: 0.05 });
    await write({ cert: second.cert });
    await until(() => warnings.length > 0);
    assert.equal(pairs.length, 0);
    assert.match(warnings[0] ?? '', /cannot be used; the old one stays: .*mismatch/);
    await write({ key: second.key });
    await until(() => pairs.length > 0);
    assert.equal(pairs[0]?.key, second.key);
  });

  it('does not warn about files that are being written', async () => {
    await write(first);
    await follow({ settleSeconds: 60 });
    await write(second);
    await until(() => pairs.length > 0);
    assert.deepEqual(warnings, []);
  });

  it('says what is wrong with the files it starts with', async () => {
    const load = () => new CertificateDirectory({ directory: root }).load();
    const unusable = (pattern: RegExp) => (error: Error & { code?: string }) =>
      error.code === 'SERVING_CERTIFICATE_UNUSABLE' && pattern.test(error.message);
    await assert.rejects(load(), unusable(/ENOENT/));
    await write({ cert: first.cert, key: second.key });
    await assert.rejects(load(), unusable(/mismatch/));
    await write({ cert: '' });
    await assert.rejects(load(), unusable(/tls\.crt is empty/));
    await write({ cert: 'rubbish' });
    await assert.rejects(load(), unusable(/tls\.crt and tls\.key cannot be used/));
  });
});
