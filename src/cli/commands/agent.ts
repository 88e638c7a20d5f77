import type { Command } from 'commander';

const details = `
Flags, environment variables and kernel arguments are those of tink-agent and of the images that start it. Variables
without AGENT_ win over flags, flags over variables with it, all of them over kernel arguments.`;

/** `capt agent`: its flags may have one dash, as those of the original, so they are read by the agent itself. */
export function registerAgent(program: Command): void {
  // What follows the command belongs to it, also where the program has a flag of that name.
  program.enablePositionalOptions();
  program
    .command('agent')
    .description('run on a machine and carry out the actions of its Workflows')
    .argument('[flags...]', 'see capt agent --help')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(run);
}

async function run(args: string[]): Promise<void> {
  if (args.some((arg) => /^--?h(elp)?$/.test(arg))) {
    const { settingsHelp } = await import('../../agent/settings/read-settings.ts');
    process.stdout.write(`Usage: capt agent [flags]\n\n${settingsHelp()}\n${details}\n`);
    return;
  }
  const { runAgent } = await import('../../agent/run-agent.ts');
  const { catchInterrupts } = await import('../interrupt.ts');
  using interrupt = catchInterrupts();
  await runAgent(args, process.env, interrupt.signal);
}
