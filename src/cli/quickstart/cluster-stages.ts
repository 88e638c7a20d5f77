import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Secret } from '../../api/core/secret.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { Clusterctl } from '../../bootstrap/capi/clusterctl.ts';
import { buildClusterApi } from '../../bootstrap/local/build/build.ts';
import { findPrograms } from '../../bootstrap/local/programs.ts';
import { writeFileAtomically } from '../../bootstrap/process/atomic-file.ts';
import { runCommand } from '../../bootstrap/process/command.ts';
import { pause } from '../../bootstrap/process/wait-until.ts';
import { generateCluster } from '../../bootstrap/quickstart/cluster-manifest.ts';
import { outsideKubeconfig } from '../../bootstrap/quickstart/outside-kubeconfig.ts';
import { type MachineFacts, type MachineView, machineViews } from '../../bootstrap/quickstart/view/machine-view.ts';
import { readMachineFacts } from '../../bootstrap/quickstart/view/watch-machines.ts';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { clusterName, namespace, type Session } from './session.ts';

/** Time between two looks at the machines. */
const lookMs = 1_000;

/** The kubectl that belongs to our build of Kubernetes. */
export async function kubectlOf({ context }: Session): Promise<string> {
  const programs = await findPrograms({ ...context, report: () => {} });
  return join(dirname(programs['kube-controller-manager']), 'kubectl');
}

export interface ClusterStageOptions {
  kubernetesVersion: string;
  variables: Readonly<Record<string, string>>;
  /** What has to be changed in what clusterctl makes. */
  adapt?: (manifest: string) => string;
}

/** Lets the real clusterctl make the manifest of a cluster from our template, and applies it with kubectl. */
export async function applyCluster(session: Session, options: ClusterStageOptions): Promise<void> {
  const { context, signal, stages, record } = session;
  const { layout, environment, cacheDirectory } = context;
  await stages.run('cluster', async (tell) => {
    const kubectl = await kubectlOf(session);
    const build = await buildClusterApi({ cacheDirectory, environment, report: tell, signal });
    const prepared = { buildDirectory: build.directory, version: build.version, repository: layout.repository };
    const clusterctl = await Clusterctl.prepare({ prepared, kubectl, environment, signal });
    const { kubernetesVersion, variables, adapt = (text: string) => text } = options;
    const { workers } = record.wish;
    const request = { name: clusterName, namespace, kubernetesVersion, workers, variables };
    const manifest = adapt(await generateCluster(clusterctl, request, signal));
    await writeFile(layout.manifest, manifest, { mode: 0o600 });
    const args = ['--kubeconfig', layout.managementKubeconfig, 'apply', '-f', layout.manifest];
    const { exitCode, stdout, tail } = await runCommand(kubectl, args, { environment, signal });
    const output = tail.join('\n');
    if (exitCode !== 0) throw new CaptError('MANIFEST_NOT_APPLIED', { file: layout.manifest, output });
    tell(`${stdout.length} objects of ${layout.manifest} applied`);
  });
}

/** Looks on until all machines run. @throws CaptError QUICKSTART_STUCK */
export async function waitForMachines(session: Session): Promise<void> {
  const { record, stages } = session;
  const expected = record.finishedAt === undefined ? 1 + record.wish.workers : undefined;
  await stages.run('machines', async (tell) => {
    await watchMachines(session, 'the cluster', (machines) => {
      const running = machines.filter((machine) => machine.running).length;
      const wanted = expected ?? machines.length;
      tell(`${running} of ${wanted} run`);
      return running === wanted && machines.length === wanted;
    });
  });
}

/**
 * Shows machines until `isDone`.
 * @param what is being done, for the failure
 * @throws CaptError QUICKSTART_STUCK
 */
export async function watchMachines(
  session: Session,
  what: string,
  isDone: (machines: readonly MachineView[]) => boolean | Promise<boolean>,
): Promise<void> {
  const { signal, flags, context } = session;
  await using cluster = new ClusterConnection(session);
  const deadline = performance.now() + flags.timeout * 1000;
  let facts: MachineFacts | undefined;
  for (;;) {
    signal.throwIfAborted();
    facts = await readMachineFacts(session.management, await cluster.client(), { namespace, before: facts, signal });
    session.machines = machineViews(facts);
    if (await isDone(session.machines)) return;
    if (performance.now() > deadline) {
      throw new CaptError('QUICKSTART_STUCK', {
        what,
        minutes: Math.round(flags.timeout / 60),
        waiting: session.machines.map(({ name, step }) => `  ${name}: ${step}`).join('\n'),
        kubeconfig: context.layout.managementKubeconfig,
        directory: context.layout.directory,
      });
    }
    await pause(lookMs, signal);
  }
}

/** The way to the new cluster, once there is a kubeconfig for it. */
class ClusterConnection implements AsyncDisposable {
  readonly #session: Session;
  #client: Client | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  async client(): Promise<Client | undefined> {
    if (this.#client !== undefined) return this.#client;
    const { management, signal, record, context } = this.#session;
    const secret = await management.find(Secret, { namespace, name: `${clusterName}-kubeconfig` }, { signal });
    const value = secret?.data?.['value'];
    if (value === undefined) return undefined;
    const inside = Buffer.from(value, 'base64').toString('utf8');
    // Simulated machines join an API server on this machine.
    const text = record.wish.rack === 'qemu' ? outsideKubeconfig(inside, record.ports.cluster) : inside;
    const { clusterKubeconfig } = context.layout;
    writeFileAtomically(clusterKubeconfig, text);
    this.#client = connect(loadKubeConfig({ path: clusterKubeconfig }), { userAgent: 'capt-quickstart' });
    return this.#client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
  }
}
