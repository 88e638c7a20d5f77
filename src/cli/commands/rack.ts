import { type Command, InvalidArgumentError, Option } from 'commander';
import type { UpFlags } from '../rack/up.ts';

const details = `
Simulated machines have everything but metal: power, a BMC on a port of the loopback (IPMI and Redfish by turns), a disk,
the agent that ships, and an operating system that joins a cluster as a node. They are told what to do by their BMCs and
know what their network tells them, so the services above them cannot tell the difference. Machines of a rack are called
NAME-0, NAME-1, …`;

const upDetails = `
Secret, bmc Machine and Hardware of each machine are made in the namespace, where they are not there. The process runs in
the background; its log is logs/supervisor.log in the folder. Disks and ports of BMCs stay the same when it is started again.

With --faults each machine has faults of its own, by the seed: BMCs that are slow, busy or forget sessions, agents that
die at any step, power that is lost, actions that fail.`;

/** `capt rack …`. The code behind a command is loaded when it is called. */
export function registerRack(program: Command): void {
  const rack = program.command('rack').description('run machines without metal').addHelpText('after', details);
  const directory = () =>
    new Option('--dir <folder>', 'folder of disks, log and record (default: capt/rack in XDG_STATE_HOME)');

  rack
    .command('up')
    .description('mount machines, switched off, and register them')
    .addOption(
      new Option('--simulated <machines>', 'how many simulated machines')
        .argParser(parseMachines)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--name <name>', 'name of the rack').default('rack').argParser(parseName))
    .addOption(directory())
    .option('--kubeconfig <file>', 'of the management cluster (default: KUBECONFIG, else ~/.kube/config)')
    .option('--workload-kubeconfig <file>', 'of the cluster that nodes join (default: the management cluster)')
    .option('-n, --namespace <name>', 'where machines are registered (default: that of the kubeconfig)')
    .addOption(
      new Option('--agent-api <host:port>', 'where agents find the workflow service').default('127.0.0.1:42113'),
    )
    .addOption(new Option('--kubelet-version <version>', 'what kubelets say they are').default('v1.35.0'))
    .addOption(new Option('--seed <number>', 'everything random comes from it').argParser(parseSeed).default(1))
    .option('--faults', 'give machines faults')
    .option('--quick', 'machines that take milliseconds for what others take seconds for')
    .option('--foreground', 'stay attached: Ctrl-C ends it')
    .addHelpText('after', upDetails)
    .action(async (flags: UpFlags) => (await import('../rack/up.ts')).up(flags));

  rack
    .command('list')
    .description('show power, BMC, node and what happened last of each machine')
    .addOption(directory())
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .action(async (flags: { dir?: string; output: string }) => (await import('../rack/commands.ts')).list(flags));

  rack
    .command('power')
    .description('press the buttons of a machine, or pull its plug: past its BMC, and without asking anybody')
    .argument('<machine>', 'name of the machine')
    .argument('<order>', 'on, off, reset or unplug', parseOrder)
    .addOption(directory())
    .action(async (machine: string, order: 'on' | 'off' | 'reset' | 'unplug', flags: { dir?: string }) =>
      (await import('../rack/commands.ts')).power(machine, order, flags),
    );

  rack
    .command('down')
    .description('end exactly what up started; disks and what was registered stay')
    .addOption(directory())
    .action(async (flags: { dir?: string }) => (await import('../rack/commands.ts')).down(flags));
}

function parseMachines(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError('It must be a number from 1 to 10000.');
}

function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at most 9 digits.');
}

/** Names of machines are names of Hardware and of nodes. */
function parseName(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be lower-case letters, digits and hyphens, at most 50.');
}

function parseOrder(text: string): string {
  if (['on', 'off', 'reset', 'unplug'].includes(text)) return text;
  throw new InvalidArgumentError('It must be on, off, reset or unplug.');
}
