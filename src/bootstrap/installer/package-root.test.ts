import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PackageRoot } from './package-root.ts';

describe('unpacked packages', () => {
  let outer: string;
  let folder: string;

  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'capt-packages-')));
    folder = join(outer, 'root');
    mkdirSync(join(folder, 'usr/bin'), { recursive: true });
    writeFileSync(join(folder, 'usr/bin/tool'), 'tool');
    writeFileSync(join(outer, 'foreign'), 'of this machine');
  });
  afterEach(() => rmSync(outer, { recursive: true }));

  it('have a file under both of its paths', async () => {
    const packages = new PackageRoot(folder);
    for (const path of ['/usr/bin/tool', '/bin/tool']) assert.equal(String(await packages.read(path)), 'tool');
  });

  it('have it also where the folder is named by a link', async () => {
    symlinkSync(folder, join(outer, 'link'));
    assert.equal(String(await new PackageRoot(join(outer, 'link')).read('/usr/bin/tool')), 'tool');
  });

  it('have nothing that a link leads out to', async () => {
    symlinkSync('../../../foreign', join(folder, 'usr/bin/out'));
    assert.equal(await new PackageRoot(folder).read('/usr/bin/out'), undefined);
  });
});
