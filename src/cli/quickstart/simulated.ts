import { buildClusterApi, buildKubernetes } from '../../bootstrap/local/build/build.ts';
import { findPrograms } from '../../bootstrap/local/programs.ts';
import { forSimulatedMachines } from '../../bootstrap/quickstart/cluster-manifest.ts';
import { ensureWorkloadSecrets } from '../../bootstrap/quickstart/simulated-workload.ts';
import { applyCluster } from './cluster-stages.ts';
import { runCapt } from './run.ts';
import { clusterName, namespace, type Session } from './session.ts';
import { startStackStages } from './stack-stages.ts';

/** Simulated machines: everything is on the loopback, and the cluster they join has its API server before them. */
export async function startSimulated(session: Session, kubernetesVersion: string): Promise<void> {
  const { record, context } = session;
  const { agent } = record.ports;
  await startStackStages(session, {
    workloadPort: record.ports.cluster,
    relays: {},
    // Their firmware boots the installer by itself: there is nobody for the service netboot to serve.
    serveFlags: [
      ...['--services', 'provider,workflow,metadata,bmc', '--bind-address', '127.0.0.1'],
      ...['--tink-server-bind-port', String(agent)],
    ],
    wrap: (program, args) => [program, [...args]],
  });
  await session.stages.run('rack', async (tell) => {
    const { layout } = context;
    const { machines } = record.wish;
    const args = [
      ...['rack', 'up', '--dir', layout.rack, '--simulated', String(machines), '--name', 'node'],
      ...['--kubeconfig', layout.managementKubeconfig, '--namespace', namespace],
      ...['--workload-kubeconfig', `${layout.workload}/kubeconfig`, '--agent-api', `127.0.0.1:${agent}`],
      ...['--kubelet-version', kubernetesVersion, ...(session.flags.quick ? ['--quick'] : [])],
    ];
    await runCapt(context, args, { signal: session.signal });
    tell(`${machines} simulated machines, switched off, registered with their BMCs`);
  });
}

/** A cluster on them. */
export async function applySimulatedCluster(session: Session, kubernetesVersion: string): Promise<void> {
  const { record, signal } = session;
  const kubeconfig = session.workloadKubeconfig;
  await ensureWorkloadSecrets(session.management, { namespace, name: clusterName, kubeconfig }, signal);
  await applyCluster(session, {
    kubernetesVersion,
    variables: { CONTROL_PLANE_VIP: '127.0.0.1', CONTROL_PLANE_PORT: String(record.ports.cluster) },
    adapt: forSimulatedMachines,
  });
}

/** Builds the programs, or finds them built. @returns the version of Kubernetes */
export async function buildPrograms({ stages, context, signal }: Session): Promise<string> {
  return await stages.run('programs', async (tell) => {
    const options = { ...context, report: tell, signal };
    await findPrograms(options);
    const { version } = await buildKubernetes(options);
    const clusterApi = await buildClusterApi(options);
    tell(`Kubernetes ${version}, Cluster API ${clusterApi.version}`);
    return version;
  });
}
