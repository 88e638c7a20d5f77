import type { Command } from 'commander';
import { addServeFlags, type ServeFlags } from '../serve/flags.ts';

const details = `
Every flag can be given by its environment variable instead. Without --kubeconfig the one of KUBECONFIG is used, else that
of the pod this runs in, else ~/.kube/config. SIGTERM and Ctrl-C stop everything in order; whatever was under way goes on
where it was when the services start again.`;

/** `capt serve` */
export function registerServe(program: Command): void {
  const command = program.command('serve').description('run the services, all or any of them, in one process');
  addServeFlags(command)
    .addHelpText('after', details)
    .action(async (flags: ServeFlags) => (await import('../serve/serve.ts')).serve(flags));
}
