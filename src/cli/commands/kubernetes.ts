import type { Command } from 'commander';

/** `capt kubernetes …`: a real Kubernetes control plane as local processes. */
export function registerKubernetes(program: Command): void {
  program.command('kubernetes').description('run a real Kubernetes control plane as local processes');
}
