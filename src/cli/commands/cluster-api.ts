import type { Command } from 'commander';

const details = `
The official managers of Cluster API (core, kubeadm bootstrap, kubeadm control plane) and clusterctl, built once from Go
modules and kept in the cache folder (CAPT_CACHE_DIR). Tests and the quick start run them as processes, without Docker.`;

/** `capt cluster-api …` */
export function registerClusterApi(program: Command): void {
  const clusterApi = program
    .command('cluster-api')
    .description('the real Cluster API as local processes')
    .addHelpText('after', details);
  clusterApi
    .command('build')
    .description('only build the programs, or find them built, and print their folder')
    .action(async () => (await import('../kubernetes/build-cluster-api.ts')).buildClusterApiPrograms());
}
