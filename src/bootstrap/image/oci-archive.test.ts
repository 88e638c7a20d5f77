import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { ociLayout } from './oci-archive.ts';

interface Descriptor {
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

const layer = { sha256: 'a'.repeat(64), sizeBytes: 1234 };
const images = [
  { name: 'registry.example/a:v1', layers: [layer], entrypoint: ['/a'] },
  {
    name: 'registry.example:5000/b:v2',
    layers: [layer, { sha256: 'b'.repeat(64), sizeBytes: 5 }],
    entrypoint: ['/b', '-x'],
  },
];

describe('an OCI layout', () => {
  const files = ociLayout(images, 'amd64');
  const json = <T>(path: string) => JSON.parse(files.get(path) ?? '') as T;
  const blob = <T>({ digest }: Descriptor) => json<T>(`blobs/sha256/${digest.slice(7)}`);
  const { manifests } = json<{ manifests: Descriptor[] }>('index.json');

  it('names every blob by what is in it', () => {
    for (const [path, content] of files) {
      if (!path.startsWith('blobs/')) continue;
      assert.equal(path, `blobs/sha256/${createHash('sha256').update(content).digest('hex')}`);
    }
    assert.equal(files.get('oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  });

  it('leads from names over manifests to configurations and layers', () => {
    assert.deepEqual(
      manifests.map(({ annotations }) => annotations?.['io.containerd.image.name']),
      images.map(({ name }) => name),
    );
    assert.deepEqual(
      manifests.map(({ annotations }) => annotations?.['org.opencontainers.image.ref.name']),
      ['v1', 'v2'],
    );
    const second = blob<{ config: Descriptor; layers: Descriptor[] }>(manifests[1] as Descriptor);
    assert.deepEqual(
      second.layers.map(({ digest, size }) => [digest, size]),
      [
        [`sha256:${layer.sha256}`, 1234],
        [`sha256:${'b'.repeat(64)}`, 5],
      ],
    );
    const config = blob<{ config: { Entrypoint: string[] }; rootfs: { diff_ids: string[] }; architecture: string }>(
      second.config,
    );
    assert.deepEqual(config.config.Entrypoint, ['/b', '-x']);
    assert.equal(config.architecture, 'amd64');
    assert.deepEqual(
      config.rootfs.diff_ids,
      second.layers.map(({ digest }) => digest),
    );
  });

  it('refuses a name without a tag, which nothing could ask for', () => {
    assert.throws(
      () => ociLayout([{ name: 'registry.example:5000/b', layers: [], entrypoint: [] }], 'amd64'),
      /no tag/,
    );
  });
});
