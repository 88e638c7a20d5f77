import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAction } from './commands/action.ts';
import { registerAgent } from './commands/agent.ts';
import { registerClusterApi } from './commands/cluster-api.ts';
import { registerExplain } from './commands/explain.ts';
import { registerHardware } from './commands/hardware.ts';
import { registerImage } from './commands/image.ts';
import { registerInstaller } from './commands/installer.ts';
import { registerKubernetes } from './commands/kubernetes.ts';
import { registerQuickstart } from './commands/quickstart.ts';
import { registerRack } from './commands/rack.ts';
import { registerServe } from './commands/serve.ts';
import { registerTemplate } from './commands/template.ts';

const packageFile = new URL('../../package.json', import.meta.url);

/** The whole command line of `capt`; usage errors are thrown as `CommanderError`, nothing exits by itself. */
export function createProgram(): Command {
  const { version, description } = JSON.parse(readFileSync(packageFile, 'utf8')) as Record<string, string>;
  const program = new Command('capt')
    .description(description ?? '')
    .version(version ?? '')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  registerAction(program);
  registerAgent(program);
  registerHardware(program);
  registerExplain(program);
  registerImage(program);
  registerInstaller(program);
  registerKubernetes(program);
  registerClusterApi(program);
  registerQuickstart(program);
  registerRack(program);
  registerServe(program);
  registerTemplate(program);
  return program;
}
