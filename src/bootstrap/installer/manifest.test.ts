import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { expectSame, type Manifest } from './manifest.ts';

const manifest = (files: Record<string, string>): Manifest => ({
  architecture: 'x86_64',
  kernel: { version: '6.1', package: 'linux-image=6.1', modules: 1 },
  node: '24',
  packages: [],
  layers: [],
  files: Object.fromEntries(Object.entries(files).map(([name, sha256]) => [name, { sizeBytes: 1, sha256 }])),
});

describe('comparing two builds of the installer', () => {
  it('is content with the same digests', () =>
    expectSame(manifest({ vmlinuz: 'aa', initramfs: 'bb' }), manifest({ initramfs: 'bb', vmlinuz: 'aa' })));

  it('tells every file that is another, or missing', () => {
    const compare = () =>
      expectSame(manifest({ vmlinuz: 'aa', initramfs: 'bb', old: 'cc' }), manifest({ vmlinuz: 'aa', initramfs: 'dd' }));
    assert.throws(compare, {
      code: 'INSTALLER_NOT_REPRODUCIBLE',
      message: /initramfs: sha256 bb, then dd\nold: .* missing$/,
    });
  });
});
