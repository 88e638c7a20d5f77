import type { StageSpec } from '../../bootstrap/quickstart/stages.ts';

const specs = {
  programs: { title: 'Programs', why: 'building Kubernetes and Cluster API, once; later runs find them' },
  installer: { title: 'Installer', why: 'making the system in memory that installs machines, once' },
  image: { title: 'OS image', why: 'making the image that is written to disks, once' },
  rack: { title: 'Rack', why: 'mounting machines, switched off' },
  kubernetes: { title: 'Kubernetes', why: 'starting etcd, kube-apiserver and kube-controller-manager' },
  'cluster-api': { title: 'Cluster API', why: 'installing its kinds and starting its three managers' },
  services: { title: 'capt', why: 'installing our kinds and starting our services' },
  hardware: { title: 'Hardware', why: 'importing hardware.csv' },
  cluster: { title: 'Cluster', why: 'letting clusterctl make the manifest of a cluster, and applying it' },
  machines: { title: 'Machines', why: 'waiting for the first machine to be asked for' },
  grow: { title: 'One more worker', why: 'asking the MachineDeployment for one worker more' },
  shrink: { title: 'One worker less', why: 'asking it for one less: drained, wiped, switched off' },
  wiped: { title: 'Its disk', why: 'reading the disk of the host that was given back, from outside' },
  template: { title: 'Another template', why: 'naming another TinkerbellMachineTemplate in the MachineDeployment' },
  roll: { title: 'Rolling update', why: 'waiting for the worker to be given back and made anew (maxSurge 0)' },
} satisfies Record<string, Omit<StageSpec, 'id'>>;

export type StageId = keyof typeof specs;

const orders = {
  qemu: [
    ...(['programs', 'installer', 'image', 'rack', 'kubernetes'] as const),
    ...(['cluster-api', 'services', 'hardware', 'cluster', 'machines'] as const),
  ],
  // Simulated machines bring their Hardware, and nothing is written to their disks.
  simulated: ['programs', 'kubernetes', 'cluster-api', 'services', 'rack', 'cluster', 'machines'],
  scale: ['grow', 'shrink', 'wiped'],
  upgrade: ['template', 'roll'],
} as const satisfies Record<string, readonly StageId[]>;

/** The stages of a quick start or of what is shown after it, in the order to show them; some overlap. */
export function stagesOf(what: keyof typeof orders): StageSpec<StageId>[] {
  return orders[what].map((id) => ({ id, ...specs[id] }));
}
