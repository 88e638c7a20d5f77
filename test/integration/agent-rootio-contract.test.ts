import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseLayout } from '../../src/agent/actions/rootio/layout.ts';
import type { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { rootioOf } from '../../src/metadata/content/rootio.ts';

const hardware = (storage: object): Hardware =>
  ({
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name: 'machine' },
    spec: { metadata: { instance: { storage } } },
  }) as Hardware;

describe('contract: what /metadata says is what action rootio reads', () => {
  it('storage of a Hardware arrives as its layout', () => {
    const answer = rootioOf(
      hardware({
        disks: [{ device: '/dev/sda', wipe_table: true, partitions: [{ label: 'ROOT', number: 1, size: 2048 }] }],
        filesystems: [
          { mount: { device: '/dev/sda1', format: 'ext4', point: '/', create: { options: ['-L', 'ROOT'] } } },
        ],
      }),
    );
    assert.deepEqual(parseLayout(JSON.parse(answer), 'gpt'), {
      disks: [
        { device: '/dev/sda', wipeTable: true, partitions: [{ number: 1, label: 'ROOT', sizeBytes: 2048 * 512 }] },
      ],
      filesystems: [{ device: '/dev/sda1', format: 'ext4', point: '/', options: ['-L', 'ROOT'] }],
    });
  });

  it('a Hardware without storage has an empty layout', () => {
    assert.deepEqual(parseLayout(JSON.parse(rootioOf(hardware({}))), 'gpt'), { disks: [], filesystems: [] });
  });
});
