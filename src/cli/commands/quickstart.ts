import type { Command } from 'commander';
import { parsePort } from '../kubernetes/context.ts';

const details = `
So far: a real Kubernetes control plane as local processes, and our kinds installed in it. Running it again continues
where it was.`;

/** `capt quickstart` */
export function registerQuickstart(program: Command): void {
  program
    .command('quickstart')
    .description('from an empty machine to a management cluster')
    .option('--dir <folder>', 'folder of everything it makes (default: capt/quickstart in XDG_STATE_HOME)')
    .option('--port <number>', 'port of the API server (default: the one of last time, else 6443; 0: any)', parsePort)
    .addHelpText('after', details)
    .action(async (flags: { dir?: string; port?: number }) => (await import('../quickstart.ts')).quickstart(flags));
}
