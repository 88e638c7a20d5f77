import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bootSources } from './boot-order.ts';

describe('the boot order of machines in QEMU', () => {
  it('is that of the factory, unless another is usual', () => {
    assert.deepEqual(bootSources(), ['disk', 'cdrom', 'pxe']);
    assert.deepEqual(bootSources(['pxe', 'disk']), ['pxe', 'disk']);
  });

  it('begins with the override, once', () => {
    assert.deepEqual(bootSources(undefined, { device: 'pxe' }), ['pxe', 'disk', 'cdrom']);
    assert.deepEqual(bootSources(['disk'], { device: 'cdrom' }), ['cdrom', 'disk']);
  });

  it('stays as it is for what cannot be booted from', () => {
    assert.deepEqual(bootSources(undefined, { device: 'bios' }), ['disk', 'cdrom', 'pxe']);
    assert.deepEqual(bootSources(['safe', 'disk'], { device: 'safe' }), ['disk']);
  });
});
