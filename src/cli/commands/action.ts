import { type Command, InvalidArgumentError } from 'commander';
import { CaptError } from '../../api/errors/capt-error.ts';

interface RunFlags {
  env: Record<string, string>;
  timeout: number;
}

/** `capt action …`: what an agent can do, by hand. */
export function registerAction(program: Command): void {
  const command = program
    .command('action')
    .description('run one action of the agent by hand, for rescue and debugging');
  command.helpCommand(false);
  command.command('list').description('what there is').action(list);
  command.command('help').description('what an action takes').argument('<name>').action(help);
  command
    .command('run')
    .description('run an action on THIS machine, exactly as its agent would')
    .argument('<name>', 'name of the action, or an image of that name')
    .argument('[args...]', 'its command, for actions that take one')
    .option('-e, --env <KEY=VALUE>', 'a variable of the action; may be given again', collect, {})
    .option('--timeout <seconds>', 'stop it after so long; 0 is never', parseSeconds, 0)
    .action(run);
}

async function list(): Promise<void> {
  const { actionList } = await import('../../agent/run-action.ts');
  process.stdout.write(`${actionList()}\n`);
}

async function help(name: string): Promise<void> {
  const { actionHelp } = await import('../../agent/run-action.ts');
  const { nativeActions } = await import('../../agent/actions/registry.ts');
  const known = nativeActions.map((action) => action.name).join(', ');
  const text = actionHelp(name);
  if (text === undefined) throw new CaptError('ACTION_UNKNOWN', { name, image: name, known });
  process.stdout.write(`${text}\n`);
}

async function run(name: string, args: string[], { env, timeout }: RunFlags): Promise<void> {
  const { runAction } = await import('../../agent/run-action.ts');
  const { catchInterrupts } = await import('../interrupt.ts');
  using interrupt = catchInterrupts();
  await runAction({ name, environment: env, args, timeoutSeconds: timeout, signal: interrupt.signal });
}

function collect(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be KEY=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function parseSeconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of seconds.');
}
