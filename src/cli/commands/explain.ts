import { type Command, Option } from 'commander';
import type { ExplainFlags } from '../explain/explain.ts';

const details = `
Reads what is stored and changes nothing. For a machine that has no host yet it tells for each Hardware every rule that
keeps the machine from taking it, with the reason.`;

/** `capt explain …`: what is waited for, since when, and why. */
export function registerExplain(program: Command): void {
  const explain = program
    .command('explain')
    .description('say what a machine or a host waits for, and since when')
    .addHelpText('after', details);
  const add = (kind: string, description: string, run: (name: string, flags: ExplainFlags) => Promise<void>) =>
    explain
      .command(kind)
      .description(description)
      .argument('<name>', `name of the ${kind}`)
      .addOption(new Option('-n, --namespace <name>', 'namespace (default: that of the kubeconfig)'))
      .addOption(new Option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, else ~/.kube/config)'))
      .addOption(new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
      .action(run);
  const machine = add('machine', 'a TinkerbellMachine, or the Machine that it is made for', async (name, flags) =>
    (await import('../explain/explain.ts')).explainOneMachine(name, flags),
  );
  machine.addOption(
    new Option('--external-kubeconfig <file>', 'kubeconfig of the cluster with the hosts, if it is another'),
  );
  add('hardware', 'a host: who has it, and what keeps machines from taking it', async (name, flags) =>
    (await import('../explain/explain.ts')).explainOneHardware(name, flags),
  );
}
