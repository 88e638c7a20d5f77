import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kernelPackageIn, parsePrintedUris } from './apt-list.ts';

describe('what apt prints', () => {
  it('names packages with version, file and size; other lines are passed over', () => {
    const lines = [
      'Reading package lists...',
      "'http://deb.example/pool/zlib1g_1.2.13.dfsg-1_amd64.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86684 MD5Sum:ec42",
      "'http://security.example/pool/libc6_2.36-9%2bdeb12u14_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 ",
    ];
    assert.deepEqual(parsePrintedUris(lines), [
      { name: 'libc6', version: '2.36-9+deb12u14', file: 'libc6_2.36-9+deb12u14_amd64.deb', sizeBytes: 2759320 },
      { name: 'zlib1g', version: '1:1.2.13.dfsg-1', file: 'zlib1g_1%3a1.2.13.dfsg-1_amd64.deb', sizeBytes: 86684 },
    ]);
  });

  it('names the package with the kernel', () => {
    const lines = [
      'linux-image-amd64',
      '  PreDepends: <x>',
      '  Depends: linux-image-6.1.0-56-amd64',
      '  Depends: kmod',
    ];
    assert.equal(kernelPackageIn(lines), 'linux-image-6.1.0-56-amd64');
    assert.equal(kernelPackageIn(['linux-image-6.1.0-56-amd64', '  Depends: kmod']), undefined);
  });
});
