import { fileURLToPath } from 'node:url';
import { linkerFlags } from './go-module.ts';

/** A set of programs that is built from one of our Go modules. */
export interface GoProduct {
  /** Folder of its builds in the cache. */
  readonly name: string;
  /** What a person calls it. */
  readonly title: string;
  /** What a first build takes, for a person. */
  readonly duration: string;
  readonly moduleDirectory: string;
  /** The required module whose version is that of the product. */
  readonly versionedBy: string;
  /** Packages whose version variables the linker sets. */
  readonly versionPackages: readonly string[];
  /** Binary → the package of its `main`. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Name of a link → the binary it points to. */
  readonly links: Readonly<Record<string, string>>;
  /** Modules whose files are copied into the build: folder → module. */
  readonly sources: Readonly<Record<string, GoSource>>;
}

/** Files of a module that a build carries along. */
export interface GoSource {
  readonly module: string;
  /** Paths within the module, files or folders. */
  readonly paths: readonly string[];
}

/** The `-ldflags` value of a product. */
export function productFlags(product: GoProduct, version: string): string {
  return linkerFlags(version, product.versionPackages);
}

/** All that decides, besides the module's own files, what a build holds. */
export function recipeOf(product: GoProduct, version: string): string[] {
  const flags = productFlags(product, version);
  // One binary with links is what the first builds were; their keys stay.
  const { binaries, sources } = product;
  if (Object.keys(binaries).length === 1 && Object.keys(sources).length === 0) return [flags];
  return [flags, JSON.stringify({ binaries, sources })];
}

/** etcd, kube-apiserver, kube-controller-manager and kubectl in one binary, under the names of the official releases. */
export const kubernetes: GoProduct = {
  name: 'kubernetes',
  title: 'Kubernetes',
  duration: 'three to five minutes on two cores',
  moduleDirectory: fileURLToPath(new URL('../../../../bootstrap/kubernetes/', import.meta.url)),
  versionedBy: 'k8s.io/kubernetes',
  versionPackages: ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'],
  binaries: { kubernetes: './control-plane' },
  links: {
    etcd: 'kubernetes',
    'kube-apiserver': 'kubernetes',
    'kube-controller-manager': 'kubernetes',
    kubectl: 'kubernetes',
  },
  sources: {},
};

const clusterApiModule = 'sigs.k8s.io/cluster-api';

/** The three managers of Cluster API, clusterctl, and the kustomizations that their releases are made from. */
export const clusterApi: GoProduct = {
  name: 'cluster-api',
  title: 'Cluster API',
  duration: 'one to three minutes on two cores',
  moduleDirectory: fileURLToPath(new URL('../../../../bootstrap/cluster-api/', import.meta.url)),
  versionedBy: clusterApiModule,
  versionPackages: [`${clusterApiModule}/version`],
  binaries: {
    'cluster-api': clusterApiModule,
    'bootstrap-kubeadm': `${clusterApiModule}/bootstrap/kubeadm`,
    'control-plane-kubeadm': `${clusterApiModule}/controlplane/kubeadm`,
    clusterctl: `${clusterApiModule}/cmd/clusterctl`,
  },
  links: {},
  sources: {
    source: {
      module: clusterApiModule,
      paths: ['config', 'bootstrap/kubeadm/config', 'controlplane/kubeadm/config', 'metadata.yaml'],
    },
  },
};
