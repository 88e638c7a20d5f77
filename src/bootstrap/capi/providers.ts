/** One provider of Cluster API itself, as its release has it. */
export interface ClusterApiProvider {
  /** Label of its manifests, folder of a local clusterctl repository, and name of its binary in our build. */
  readonly label: 'cluster-api' | 'bootstrap-kubeadm' | 'control-plane-kubeadm';
  /** As `clusterctl` calls it. */
  readonly name: 'cluster-api' | 'kubeadm';
  readonly type: 'CoreProvider' | 'BootstrapProvider' | 'ControlPlaneProvider';
  /** Kustomization in the sources that its release is made from. */
  readonly kustomization: string;
  /** Name of its manifest in a release. */
  readonly componentsFile: string;
}

/** In the order to install them: what comes later needs the kinds of what comes before. */
export const clusterApiProviders: readonly ClusterApiProvider[] = [
  {
    label: 'cluster-api',
    name: 'cluster-api',
    type: 'CoreProvider',
    kustomization: 'config/default',
    componentsFile: 'core-components.yaml',
  },
  {
    label: 'bootstrap-kubeadm',
    name: 'kubeadm',
    type: 'BootstrapProvider',
    kustomization: 'bootstrap/kubeadm/config/default',
    componentsFile: 'bootstrap-components.yaml',
  },
  {
    label: 'control-plane-kubeadm',
    name: 'kubeadm',
    type: 'ControlPlaneProvider',
    kustomization: 'controlplane/kubeadm/config/default',
    componentsFile: 'control-plane-components.yaml',
  },
];
