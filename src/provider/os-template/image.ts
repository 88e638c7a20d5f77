import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import type { TinkerbellCluster } from '../../api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';

/** The image of an operating system, as a template for its installation needs it. */
export interface OsImage {
  /** URL, or reference to an image in a registry. */
  reference: string;
  isUrl: boolean;
  /** `"true"` or `"false"`, as the actions of the original take it. */
  compressed: string;
  /** Of the data as served, hexadecimal. */
  sha256?: string;
}

/** Renders a Go template; services know the engine by this only. */
export type RenderText = (text: string, data: Readonly<Record<string, string>>) => { text: string } | { error: string };

export interface ImageRequest {
  machine: TinkerbellMachine;
  infrastructure: TinkerbellCluster | undefined;
  owner: Machine | undefined;
}

/** What CAPT's webhook writes into a TinkerbellCluster, for clusters that came past it. */
const defaultFormat = '{{.BaseRegistry}}/{{.OSDistro}}-{{.OSVersion}}:{{.KubernetesVersion}}.gz';
const defaultRegistry = 'ghcr.io/tinkerbell/cluster-api-provider-tinkerbell';

/** The distribution of a machine, lower case: its own word, that of its cluster, else `ubuntu`. */
export function distroOf({ machine, infrastructure }: Pick<ImageRequest, 'machine' | 'infrastructure'>): string {
  return (machine.spec?.imageLookupOSDistro || infrastructure?.spec?.imageLookupOSDistro || 'ubuntu').toLowerCase();
}

/**
 * The image that the `imageLookup…` fields of a machine, or else of its cluster, lead to. A format that renders to a URL
 * names the image directly; `#sha256=<hex>` at its end is the digest it must have.
 */
export function findImage(request: ImageRequest, render: RenderText): OsImage | { problem: string } {
  const { machine, infrastructure, owner } = request;
  const field = (name: 'imageLookupFormat' | 'imageLookupBaseRegistry' | 'imageLookupOSVersion') =>
    machine.spec?.[name] || infrastructure?.spec?.[name];
  const distro = distroOf(request);
  const version = field('imageLookupOSVersion') || (distro === 'ubuntu' ? '20.04' : '');
  const format = field('imageLookupFormat') || defaultFormat;
  const kubernetes = owner?.spec?.version;
  if (kubernetes === undefined && format.includes('KubernetesVersion')) {
    return {
      problem:
        'the image depends on the Kubernetes version, and Machine spec.version is missing: set it, or another imageLookupFormat',
    };
  }
  const rendered = render(format, {
    BaseRegistry: field('imageLookupBaseRegistry') || defaultRegistry,
    OSDistro: distro,
    OSVersion: version.replaceAll('.', ''),
    KubernetesVersion: kubernetes ?? '',
  });
  if ('error' in rendered) return { problem: `imageLookupFormat cannot be rendered: ${rendered.error}` };
  return parseReference(rendered.text.trim());
}

function parseReference(text: string): OsImage | { problem: string } {
  if (text === '') return { problem: 'imageLookupFormat renders to nothing' };
  if (!/^https?:\/\//.test(text)) return { reference: text, isUrl: false, compressed: String(isCompressed(text)) };
  if (!URL.canParse(text)) return { problem: `imageLookupFormat renders to ${text}, which is no URL` };
  const url = new URL(text);
  const digest = /^#sha256[=:]([0-9a-fA-F]{64})$/.exec(url.hash)?.[1];
  if (url.hash !== '' && digest === undefined) {
    return { problem: `the end of ${text} is no digest: write #sha256= and 64 hexadecimal digits` };
  }
  url.hash = '';
  const compressed = String(isCompressed(url.pathname));
  const image = { reference: url.href, isUrl: true, compressed };
  return digest === undefined ? image : { ...image, sha256: digest.toLowerCase() };
}

function isCompressed(path: string): boolean {
  return /\.(gz|bz2|bzip2|xz|zs|zst)$/.test(path);
}
