import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import * as instance from './instance.ts';

/** The only version of the API that there is. */
export const ec2Version = '2009-04-04';

/** A place in the tree: a listing, the same for everybody, or a value of the machine that asks. */
export type Ec2Node =
  | { readonly listing: string }
  | { readonly value: (hardware: Hardware) => string; readonly secret?: true };

type Value = (hardware: Hardware) => string;

const operatingSystem =
  (field: 'slug' | 'distro' | 'version' | 'image_tag'): Value =>
  ({ spec }) =>
    spec?.metadata?.instance?.operating_system?.[field] ?? '';

/** What the listings name. */
const values: Record<string, Value> = {
  'user-data': instance.userDataOf,
  'meta-data/instance-id': instance.instanceIdOf,
  'meta-data/hostname': instance.hostnameOf,
  'meta-data/local-hostname': instance.hostnameOf,
  'meta-data/iqn': () => '',
  'meta-data/plan': ({ spec }) => spec?.metadata?.facility?.plan_slug ?? '',
  'meta-data/facility': ({ spec }) => spec?.metadata?.facility?.facility_code ?? '',
  'meta-data/tags': ({ spec }) => (spec?.metadata?.instance?.tags ?? []).join('\n'),
  'meta-data/public-ipv4': instance.publicIpv4Of,
  'meta-data/local-ipv4': instance.localIpv4Of,
  'meta-data/public-ipv6': instance.publicIpv6Of,
  'meta-data/public-keys': (hardware) => instance.sshKeysOf(hardware).join('\n'),
  'meta-data/operating-system/slug': operatingSystem('slug'),
  'meta-data/operating-system/distro': operatingSystem('distro'),
  'meta-data/operating-system/version': operatingSystem('version'),
  'meta-data/operating-system/image_tag': operatingSystem('image_tag'),
  'meta-data/operating-system/license_activation/state': () => '',
};

const secrets = new Set(['user-data', 'vendor-data']);

/** Listings are what clients of the original know, so what was added is served but not listed. */
const unlisted: Record<string, Value> = { 'vendor-data': instance.vendorDataOf };

const tree = new Map<string, Ec2Node>();
for (const [path, value] of Object.entries({ ...values, ...unlisted })) {
  tree.set(path, secrets.has(path) ? { value, secret: true } : { value });
}
for (const path of Object.keys(values)) {
  const parts = path.split('/');
  for (let depth = 0; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    if (!tree.has(folder)) tree.set(folder, { listing: listingOf(folder) });
  }
}

/**
 * What is at a path below the version, such as `meta-data/instance-id`, `''` for the root; with or without a slash at the
 * end. `undefined`: there is no such thing.
 */
export function ec2Node(path: string): Ec2Node | undefined {
  return tree.get(path.endsWith('/') ? path.slice(0, -1) : path);
}

/** The children of a folder, folders with a slash, sorted bytewise, one a line, without an end of line at the end. */
function listingOf(folder: string): string {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = Object.keys(values).filter((path) => path.startsWith(prefix));
  const children = below.map((path) => {
    const [child = '', ...rest] = path.slice(prefix.length).split('/');
    return rest.length === 0 ? child : `${child}/`;
  });
  return [...new Set(children)].sort().join('\n');
}
