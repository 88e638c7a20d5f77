/** Layers that we make: everything of Kubernetes in one, so that a node has it once on disk and once in memory. */
export type LayerName = 'kubernetes' | 'coredns' | 'pause';

export interface PlannedImage {
  readonly name: string;
  readonly layers: readonly LayerName[];
  readonly entrypoint: readonly string[];
}

/** Name of the image that keeps the address of the API servers on one of them. It is not kube-vip, so it is not called so. */
export const virtualIpImage = 'localhost/capt-virtual-ip:v1';

/** Last part of an official image's name → what of ours stands in for it. */
const parts: Readonly<Record<string, Omit<PlannedImage, 'name'>>> = {
  'kube-apiserver': { layers: ['kubernetes'], entrypoint: ['/usr/local/bin/kube-apiserver'] },
  'kube-controller-manager': { layers: ['kubernetes'], entrypoint: ['/usr/local/bin/kube-controller-manager'] },
  'kube-scheduler': { layers: ['kubernetes'], entrypoint: ['/usr/local/bin/kube-scheduler'] },
  'kube-proxy': { layers: ['kubernetes'], entrypoint: ['/usr/local/bin/kube-proxy'] },
  etcd: { layers: ['kubernetes'], entrypoint: ['/usr/local/bin/etcd'] },
  coredns: { layers: ['coredns'], entrypoint: ['/coredns'] },
  pause: { layers: ['pause'], entrypoint: ['/pause'] },
};

/**
 * The images of a node, under the names that kubeadm asks for (`kubeadm config images list`, a line each). Throws when it
 * asks for one that we know nothing of.
 */
export function planImages(listed: readonly string[]): PlannedImage[] {
  const planned = listed
    .filter((line) => /^\S+:\S+$/.test(line))
    .map((name) => {
      const known = parts[/([^/]+):[^:/]+$/.exec(name)?.[1] ?? ''];
      if (known === undefined) throw new Error(`kubeadm wants the container image ${name}, which we do not make`);
      return { name, ...known };
    });
  const missing = Object.keys(parts).filter((part) => !planned.some(({ name }) => name.includes(`/${part}:`)));
  if (missing.length > 0) throw new Error(`kubeadm names no container image for ${missing.join(', ')}`);
  const entrypoint = ['/usr/local/bin/virtual-ip'];
  return [...planned, { name: virtualIpImage, layers: ['kubernetes'], entrypoint }];
}

/** `3.10.2` of `registry.k8s.io/pause:3.10.2`. */
export function pauseImageOf(images: readonly PlannedImage[]): string {
  return images.find(({ layers }) => layers[0] === 'pause')?.name ?? '';
}
