import { createHash } from 'node:crypto';

/** One layer, as an uncompressed tar archive whose bytes lie in a file. */
export interface Layer {
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface ContainerImage {
  /** Full reference, such as `registry.k8s.io/pause:3.10.2`. */
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
}

/** Path in the archive → content of the small files; those of the layers come as `blobs/sha256/<sha256>` beside them. */
export type OciFiles = ReadonlyMap<string, string>;

/**
 * An OCI image layout (image-spec, image-layout.md) with several images that may share layers. containerd takes the names
 * from an annotation of its own, because the one of the specification has no place for a registry.
 */
export function ociLayout(images: readonly ContainerImage[], architecture: string): OciFiles {
  const files = new Map([['oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })]]);
  const blob = (mediaType: string, value: unknown) => {
    const content = JSON.stringify(value);
    const sha256 = createHash('sha256').update(content).digest('hex');
    files.set(`blobs/sha256/${sha256}`, content);
    return { mediaType, digest: `sha256:${sha256}`, size: Buffer.byteLength(content) };
  };
  const manifests = images.map(({ name, layers, entrypoint }) => {
    const config = blob(mediaTypes.config, {
      architecture,
      os: 'linux',
      config: { Entrypoint: entrypoint, Env: [`PATH=${searchPath}`], WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: layers.map(({ sha256 }) => `sha256:${sha256}`) },
      history: layers.map(() => ({ created_by: 'capt image build' })),
    });
    const manifest = blob(mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config,
      layers: layers.map(({ sha256, sizeBytes }) => ({
        mediaType: mediaTypes.layer,
        digest: `sha256:${sha256}`,
        size: sizeBytes,
      })),
    });
    return {
      ...manifest,
      platform: { architecture, os: 'linux' },
      annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tagOf(name) },
    };
  });
  files.set('index.json', JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  return files;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function tagOf(name: string): string {
  const tag = /:([\w][\w.-]{0,127})$/.exec(name)?.[1];
  if (tag === undefined) throw new Error(`the container image ${name} has no tag`);
  return tag;
}
