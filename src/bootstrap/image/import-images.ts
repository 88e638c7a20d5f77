import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from './tools.ts';

/** What a containerd needs that does nothing but import. */
const config = (root: string) => `version = 3
root = ${JSON.stringify(root)}
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.cri.v1.images",
  "io.containerd.cri.v1.runtime",
  "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.restart",
  "io.containerd.internal.v1.tracing",
  "io.containerd.nri.v1.nri",
  "io.containerd.podsandbox.controller.v1.podsandbox",
  "io.containerd.sandbox.controller.v1.shim",
  "io.containerd.runtime.v2.task",
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "/run/containerd.sock"
[ttrpc]
  address = "/run/containerd.sock.ttrpc"
`;

/**
 * Runs as the first process of namespaces of its own: /run is a memory of their own, and whatever happens containerd ends
 * with the script. Ten seconds are plenty for it to come up.
 */
const script = `set -eu
programs=$1 config=$2; shift 2
mount -t tmpfs tmpfs /run
"$programs/containerd" --config "$config" --log-level warn & containerd=$!
trap 'exit 130' INT TERM
tries=0
until "$programs/ctr" -a /run/containerd.sock version >/dev/null 2>&1; do
  kill -0 $containerd
  tries=$((tries + 1)); [ $tries -lt 600 ]
  sleep 0.1
done
for archive; do
  "$programs/ctr" -a /run/containerd.sock -n k8s.io images import --local --snapshotter overlayfs \\
    --discard-unpacked-layers --label io.cri-containerd.image=managed "$archive"
done
# What is unpacked need not be there packed as well, but only the end of a lease that waits for it clears that away.
"$programs/ctr" -a /run/containerd.sock -n k8s.io leases create --id clear >/dev/null
"$programs/ctr" -a /run/containerd.sock -n k8s.io leases delete --sync clear
kill $containerd
wait $containerd || true
`;

export interface ImportOptions {
  /** Root file system that gets the images. */
  readonly root: string;
  /** Folder with `containerd` and `ctr`. */
  readonly programs: string;
  /** OCI or Docker archives. */
  readonly archives: readonly string[];
  readonly scratch: string;
  readonly tools: Tools;
}

/** Unpacks container images into the containerd of an image: machines find them at their first boot and unpack nothing. */
export async function importImages({ root, programs, archives, scratch, tools }: ImportOptions): Promise<void> {
  const store = join(root, 'var/lib/containerd');
  await mkdir(store, { recursive: true, mode: 0o711 });
  const file = join(scratch, 'containerd.toml');
  await writeFile(file, config(store));
  await tools.runAlone('importing container images', 'sh', ['-c', script, 'sh', programs, file, ...archives]);
}
