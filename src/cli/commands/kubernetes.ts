import { type Command, Option } from 'commander';
import { parseAddress, parsePort } from '../kubernetes/context.ts';
import type { UpFlags } from '../kubernetes/up.ts';

const description = 'run a real Kubernetes control plane as local processes';

const details = `
etcd, kube-apiserver and kube-controller-manager, official code, on loopback, without Docker. There are no nodes: it
holds and reconciles objects, which is all a management cluster has to do. The programs are built once from Go modules
(some minutes) and kept; with KUBEBUILDER_ASSETS set to a folder of release binaries nothing is built.

Environment:
  CAPT_CACHE_DIR      where builds are kept (default: capt in XDG_CACHE_HOME or ~/.cache)
  XDG_STATE_HOME      parent of the default folder of a control plane (default: ~/.local/state)
  KUBEBUILDER_ASSETS  folder with release binaries of etcd, kube-apiserver, kube-controller-manager (v1.34 or newer)`;

/** `capt kubernetes …`. The code behind a command is loaded when it is called: `capt --help` stays quick. */
export function registerKubernetes(program: Command): void {
  const kubernetes = program.command('kubernetes').description(description).addHelpText('after', details);
  const directory = () =>
    new Option(
      '--dir <folder>',
      'folder of data, keys, logs and kubeconfig (default: capt/kubernetes in XDG_STATE_HOME)',
    );

  kubernetes
    .command('up')
    .description('start it in the background, or say that it runs already')
    .addOption(directory())
    .option('--port <number>', 'port of the API server (default: the one of last time, else 6443; 0: any)', parsePort)
    .option('--listen <address>', 'IP address the API server listens on (default: 127.0.0.1)', parseAddress)
    .option('--foreground', 'stay attached: Ctrl-C ends it')
    .action(async (flags: UpFlags) => (await import('../kubernetes/up.ts')).up(flags));

  kubernetes
    .command('down')
    .description('end exactly what up started; data and keys stay')
    .addOption(directory())
    .action(async (flags: { dir?: string }) => (await import('../kubernetes/commands.ts')).down(flags));

  kubernetes
    .command('status')
    .description('show processes, endpoint, version and health; exit code 0 when healthy, 1 otherwise')
    .addOption(directory())
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .action(async (flags: { dir?: string; output: string }) =>
      (await import('../kubernetes/commands.ts')).status(flags),
    );

  kubernetes
    .command('build')
    .description('only build the programs, or find them built, and print their folder')
    .action(async () => (await import('../kubernetes/commands.ts')).build());
}
