import { join } from 'node:path';

/** Where things lie in the folder of a quick start. All of it may be removed when nothing runs. */
export function quickstartLayout(directory: string) {
  return {
    directory,
    /** What was started and how, see `record.ts`. */
    record: join(directory, 'quickstart.json'),
    /** Held while a command works on the folder. */
    lock: join(directory, 'lock'),
    /** Of the management cluster. */
    kubernetes: join(directory, 'kubernetes'),
    /** Of the API server that simulated machines join. */
    workload: join(directory, 'workload'),
    /** Processes beside the management cluster: what they are told, and their log. */
    stack: join(directory, 'stack'),
    stackPlan: join(directory, 'stack', 'plan.json'),
    stackProcess: join(directory, 'stack', 'process.json'),
    clusterApi: join(directory, 'cluster-api'),
    /** Manifests of the providers, as clusterctl has them. */
    repository: join(directory, 'repository'),
    services: join(directory, 'services'),
    rack: join(directory, 'rack'),
    /** What machines download: installer and image. */
    artifacts: join(directory, 'artifacts'),
    /** What was applied. */
    manifest: join(directory, 'cluster.yaml'),
    /** Kubeconfigs for people, both for this machine. */
    managementKubeconfig: join(directory, 'management.kubeconfig'),
    clusterKubeconfig: join(directory, 'cluster.kubeconfig'),
  } as const;
}

export type QuickstartLayout = ReturnType<typeof quickstartLayout>;
