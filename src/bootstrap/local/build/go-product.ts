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
  /** Folders of the module that the binaries are made from; all of them if not given. Others may change freely. */
  readonly folders?: readonly string[];
  /** The required module whose version is that of the product. */
  readonly versionedBy: string;
  /** Packages whose version variables the linker sets. */
  readonly versionPackages: readonly string[];
  /** Variables that hold nothing but the version. */
  readonly versionVariables?: readonly string[];
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
  const more = (product.versionVariables ?? []).map((name) => ` -X ${name}=${version}`);
  return linkerFlags(version, product.versionPackages) + more.join('');
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
  folders: ['control-plane', 'internal'],
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

/** What the OS image of machines holds of Kubernetes: `kube` is all its programs in one binary. */
export const nodePrograms: GoProduct = {
  name: 'node-programs',
  title: 'the Kubernetes programs of nodes',
  duration: 'two minutes on two cores after Kubernetes itself, else six',
  moduleDirectory: kubernetes.moduleDirectory,
  folders: ['node', 'coredns', 'pause', 'internal'],
  versionedBy: kubernetes.versionedBy,
  versionPackages: kubernetes.versionPackages,
  binaries: { pause: './pause', coredns: './coredns', kube: './node' },
  links: {},
  sources: {},
};

const containerdModule = 'github.com/containerd/containerd/v2';

/** The container runtime of nodes, and the program to look at it. */
export const containerd: GoProduct = {
  name: 'containerd',
  title: 'containerd',
  duration: 'a minute or two on two cores',
  moduleDirectory: fileURLToPath(new URL('../../../../bootstrap/containerd/', import.meta.url)),
  versionedBy: containerdModule,
  versionPackages: [],
  versionVariables: [`${containerdModule}/version.Version`],
  binaries: {
    containerd: `${containerdModule}/cmd/containerd`,
    'containerd-shim-runc-v2': `${containerdModule}/cmd/containerd-shim-runc-v2`,
    ctr: `${containerdModule}/cmd/ctr`,
  },
  links: {},
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
