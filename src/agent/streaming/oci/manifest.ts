/** What a manifest says about one blob (OCI image specification, descriptor). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

export type Manifest =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | { readonly kind: 'image'; readonly layers: readonly Descriptor[] };

/** Asked for in this order; registries answer with what they have. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The type `oras push` gives a file, which the original takes; then what other tools give disks. */
const layerTypes = [
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/octet-stream',
];

const maxDescriptors = 1000;

/** Reads a manifest or an index. Throws words for a message when it is neither. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const value = record(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (Array.isArray(value['manifests'])) return { kind: 'index', manifests: descriptors(value['manifests']) };
  if (Array.isArray(value['layers'])) return { kind: 'image', layers: descriptors(value['layers']) };
  throw new Error('the manifest has neither manifests nor layers');
}

/** The manifest for this machine out of an index. @param architecture as Node names it */
export function platformManifest(manifests: readonly Descriptor[], architecture: string): Descriptor | string {
  const wanted = { x64: 'amd64', arm64: 'arm64' }[architecture] ?? architecture;
  const fits = ({ platform }: Descriptor): boolean => platform?.os === 'linux' && platform.architecture === wanted;
  const found = manifests.find(fits) ?? (manifests.length === 1 ? manifests[0] : undefined);
  const offered = manifests.map(({ platform }) => `${platform?.os ?? '?'}/${platform?.architecture ?? '?'}`).join(', ');
  return found ?? `it is for ${offered}, not for linux/${wanted}`;
}

/** The one layer that is the disk image, or why there is none. A title is not asked for: only some tools write one. */
export function imageLayer(layers: readonly Descriptor[]): Descriptor | string {
  const [type] = layerTypes.filter((each) => layers.some(({ mediaType }) => mediaType === each));
  if (type === undefined) return `its layers are ${layers.map(({ mediaType }) => mediaType).join(', ') || 'none'}`;
  const [layer, second] = layers.filter(({ mediaType }) => mediaType === type);
  if (layer === undefined || second !== undefined) return `it has several layers of type ${type}`;
  return layer;
}

function descriptors(values: readonly unknown[]): Descriptor[] {
  if (values.length > maxDescriptors) throw new Error(`the manifest has more than ${maxDescriptors} entries`);
  return values.map((each) => {
    const { mediaType, digest, size, platform } = record(each);
    const isValid =
      typeof mediaType === 'string' &&
      typeof digest === 'string' &&
      /^sha256:[0-9a-f]{64}$/.test(digest) &&
      Number.isSafeInteger(size) &&
      Number(size) >= 0;
    if (!isValid) throw new Error('an entry of the manifest lacks media type, sha256 digest or size');
    const base = { mediaType, digest, size: Number(size) };
    if (typeof platform !== 'object' || platform === null) return base;
    const { os, architecture } = record(platform);
    return { ...base, platform: { os: String(os), architecture: String(architecture) } };
  });
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('the manifest is not an object');
  return value as Record<string, unknown>;
}
