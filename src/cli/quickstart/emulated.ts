import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildImage, type OsImage } from '../../bootstrap/image/build-image.ts';
import { virtualIpImage } from '../../bootstrap/image/container-images.ts';
import { emulatedSettings } from '../../bootstrap/image/inputs.ts';
import { buildInstaller } from '../../bootstrap/installer/build-installer.ts';
import { emulatedRecipe } from '../../bootstrap/installer/inputs.ts';
import { rackLayout, readRackRecord } from '../../rack/control/rack-record.ts';
import { commandOnRack, qemuDefaults, startQemuRack } from '../rack/up-qemu.ts';
import { applyCluster } from './cluster-stages.ts';
import { runCapt } from './run.ts';
import { namespace, type Session } from './session.ts';
import { startStackStages } from './stack-stages.ts';

/** Free in the network of a rack: the address that the API servers of the new cluster share. */
const virtualAddress = '172.31.42.10';

/**
 * Where clocks are emulated the kernel would distrust them, and each look at one would leave the machine; nobody watches
 * the screen, and nobody attacks: bootstrap/image/emulated.yaml says what each is for.
 */
const installerArguments = [
  ...['tsc=reliable', 'no_timer_check', 'mitigations=off', 'quiet', 'cryptomgr.notests', 'init_on_alloc=0'],
  ...['hardened_usercopy=off', 'randomize_kstack_offset=off', 'nokaslr', 'apparmor=0', 'audit=0'],
  'rcupdate.rcu_expedited=1',
].join(' ');

/** Machines in QEMU: everything runs on their network, and people reach both clusters by the loopback of this machine. */
export async function startEmulated(session: Session): Promise<void> {
  const { context, record, signal, stages, flags } = session;
  const { layout } = context;
  await mkdir(layout.artifacts, { recursive: true });
  const rack = await stages.run('rack', async (tell) => {
    const { machines, firmware } = record.wish;
    const { acceleration } = flags;
    const wanted = { ...qemuDefaults, qemu: machines, firmware, ...(acceleration ? { acceleration } : {}) };
    const started = await startQemuRack(wanted, { directory: layout.rack, signal });
    tell(`${machines} machines (${firmware.toUpperCase()}, ${started.qemu.acceleration.acceleration}), switched off`);
    return started;
  });
  const { address, device } = rack.qemu.services;
  await startStackStages(session, {
    relays: {
      management: { host: '127.0.0.1', port: record.ports.api },
      cluster: { host: virtualAddress, port: 6443 },
    },
    serveFlags: [
      ...['--public-ipv4', address, '--dhcp-bind-interface', device, '--artifacts-dir', layout.artifacts],
      ...['--tink-server-bind-port', String(record.ports.agent)],
      ...['--ipxe-http-script-extra-kernel-args', installerArguments],
    ],
    wrap: (program, args) => commandOnRack(rack, program, args),
  });
  await stages.run('hardware', async (tell) => {
    const file = rackLayout(layout.rack).hardware;
    const where = ['--kubeconfig', layout.managementKubeconfig, '--namespace', namespace];
    const lines = await runCapt(context, ['hardware', 'import', file, ...where], { signal });
    tell(`${lines.length} objects of ${basename(file)}`);
  });
}

/** Makes the system that installs machines, or finds it made, and puts it where it is served. */
export async function makeInstaller({ context, signal, stages }: Session): Promise<void> {
  const { cacheDirectory, environment, layout } = context;
  await stages.run('installer', async (tell) => {
    const recipes = [emulatedRecipe];
    const options = { cacheDirectory, environment, signal, recipes, architecture: 'x86_64', report: tell } as const;
    const { directory, built } = await buildInstaller(options);
    for (const name of await readdir(directory)) await serve(join(directory, name), layout.artifacts);
    tell(built ? 'made' : 'made before');
  });
}

/** Makes what is written to disks, or finds it made, and puts it where it is served. */
export async function makeImage({ context, signal, stages }: Session): Promise<OsImage> {
  const { cacheDirectory, environment, layout } = context;
  return await stages.run('image', async (tell) => {
    // What slow processors need harms no others.
    const settings = [emulatedSettings];
    const image = await buildImage({ cacheDirectory, environment, signal, settings, report: tell });
    await serve(image.path, layout.artifacts);
    tell(`Debian with Kubernetes ${image.kubernetesVersion}, ${(image.sizeBytes / 1e6).toFixed(0)} MB`);
    return image;
  });
}

/** A cluster on these machines. */
export async function applyEmulatedCluster(session: Session, image: OsImage): Promise<void> {
  const { record, context } = session;
  const services = readRackRecord(context.layout.rack)?.qemu?.services.address;
  const url = `http://${services}:${record.ports.http}/artifacts/${image.file}#sha256=${image.sha256}`;
  await applyCluster(session, {
    kubernetesVersion: image.kubernetesVersion,
    variables: {
      CONTROL_PLANE_VIP: virtualAddress,
      OS_DISTRO: 'debian',
      OS_VERSION: '12',
      IMAGE_LOOKUP_FORMAT: url,
      KUBE_VIP_IMAGE: virtualIpImage,
      KUBEADM_TIMEOUT_SECONDS: '1200',
      // Looking for primes takes an emulated control plane half a minute.
      KUBEADM_ENCRYPTION_ALGORITHM: 'ECDSA-P256',
    },
  });
}

/** A file of the cache in the folder that is served; nothing outside that folder is. */
async function serve(file: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, basename(file));
  await rm(target, { force: true });
  // Another name of the same file costs nothing; on another file system it has to be another file.
  await link(file, target).catch(() => copyFile(file, target));
}
