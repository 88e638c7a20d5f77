import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PowerOrder } from '../../rack/control/protocol.ts';
import type { UpFlags } from '../rack/up.ts';

const details = `
Machines in QEMU really boot: over the network or from their disk, by BIOS or UEFI, emulated where there is no KVM. They
and their BMCs are on a network of their own, a network namespace, on which the stack has to run, too.

Simulated machines have everything but metal: power, a BMC on a port of the loopback (IPMI and Redfish by turns), a disk,
the agent that ships, and an operating system that joins a cluster as a node. They are told what to do by their BMCs and
know what their network tells them, so the services above them cannot tell the difference. Machines of a rack are called
NAME-0, NAME-1, …`;

const upDetails = `
Of machines in QEMU the folder has hardware.csv, with a login for each BMC, for capt hardware import; rack.json tells the
name of the network namespace and the addresses. Machines have the addresses of that network from .11 on, BMCs from .101
on, at the standard ports; .1 to .10 are for services. Serial logs are in disks/NAME.

Of simulated machines Secret, bmc Machine and Hardware of each machine are made in the namespace, where they are not there. The process runs in
the background; its log is logs/supervisor.log in the folder. Disks and ports of BMCs stay the same when it is started again.

With --faults each machine has faults of its own, by the seed: BMCs that are slow, busy or forget sessions, agents that
die at any step, power that is lost, actions that fail.`;

/** What means something for simulated machines only. */
const simulatedOnly = ['kubeconfig', 'workloadKubeconfig', 'namespace', 'faults', 'quick'];

/** `capt rack …`. The code behind a command is loaded when it is called. */
export function registerRack(program: Command): void {
  const rack = program.command('rack').description('run machines without metal').addHelpText('after', details);
  const directory = () =>
    new Option('--dir <folder>', 'folder of disks, log and record (default: capt/rack in XDG_STATE_HOME)');

  rack
    .command('up')
    .description('mount machines, switched off')
    .addOption(new Option('--simulated <machines>', 'how many simulated machines').argParser(parseMachines))
    .addOption(
      new Option('--qemu <machines>', 'how many machines in QEMU (root only)')
        .argParser(parseQemuMachines)
        .conflicts(['simulated', ...simulatedOnly]),
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
    .addOption(
      new Option('--firmware <kind>', 'of machines in QEMU; mixed is by turns')
        .choices(['bios', 'uefi', 'mixed'])
        .default('bios')
        .conflicts('simulated'),
    )
    .addOption(
      new Option('--memory <MiB,…>', 'of machines in QEMU, one after the other; the last one for the rest')
        .argParser(parseMemory)
        .default([2048, 1024], '2048,1024'),
    )
    .addOption(
      new Option('--disk <GiB>', 'of machines in QEMU: empty, and small on disk').argParser(parseDisk).default(8),
    )
    .addOption(new Option('--processors <number>', 'of each machine in QEMU').argParser(parseProcessors).default(2))
    .addOption(
      new Option('--address <address/length>', 'of services on the network of machines in QEMU').default(
        '172.31.42.1/24',
      ),
    )
    .addOption(
      new Option('--control-planes <number>', 'how many machines hardware.csv labels type=cp; others are type=worker')
        .argParser(parseControlPlanes)
        .default(1),
    )
    .addOption(
      new Option('--protocols <list>', 'what BMCs of machines in QEMU speak, by turns')
        .argParser(parseProtocols)
        .default(['redfish', 'ipmi'], 'redfish,ipmi'),
    )
    .addOption(
      new Option('--bmc <kind>', 'of machines in QEMU: ours, or ipmi_sim of OpenIPMI (IPMI only)')
        .choices(['virtual', 'ipmi_sim'])
        .default('virtual'),
    )
    .addOption(
      new Option('--acceleration <kind>', 'of QEMU (default: kvm where a probe proves that it works)').choices([
        'kvm',
        'tcg',
      ]),
    )
    .option('--foreground', 'stay attached: Ctrl-C ends it')
    .addOption(new Option('--inside').hideHelp())
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
    .argument('<order>', 'on, off, soft, reset or unplug', parseOrder)
    .addOption(directory())
    .action(async (machine: string, order: PowerOrder, flags: { dir?: string }) =>
      (await import('../rack/commands.ts')).power(machine, order, flags),
    );

  rack
    .command('console')
    .description('show what a machine in QEMU writes to its serial ports, until Ctrl-C')
    .argument('<machine>', 'name of the machine')
    .addOption(new Option('--serial <number>', 'only this port; 0 is ttyS0').argParser(parseSerial))
    .option('--no-follow', 'show what there is, and end')
    .addOption(directory())
    .action(async (machine: string, flags: { dir?: string; serial?: number; follow: boolean }) =>
      (await import('../rack/console.ts')).console(machine, flags),
    );

  rack
    .command('screenshot')
    .description('write what the screen of a machine in QEMU shows, as PNG')
    .argument('<machine>', 'name of the machine')
    .argument('<file>', 'the file to write')
    .addOption(directory())
    .action(async (machine: string, file: string, flags: { dir?: string }) =>
      (await import('../rack/commands.ts')).screenshot(machine, file, flags),
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

function parseQemuMachines(text: string): number {
  return wholeNumber(text, 1, 80);
}

function parseMemory(text: string): number[] {
  return text.split(',').map((one) => wholeNumber(one, 64, 1_048_576));
}

function parseDisk(text: string): number {
  return wholeNumber(text, 1, 65_536);
}

function parseProcessors(text: string): number {
  return wholeNumber(text, 1, 255);
}

function parseControlPlanes(text: string): number {
  return wholeNumber(text, 0, 80);
}

function parseSerial(text: string): number {
  return wholeNumber(text, 0, 1);
}

function parseProtocols(text: string): string[] {
  const protocols = text.split(',');
  if (protocols.every((one) => ['redfish', 'ipmi'].includes(one))) return protocols;
  throw new InvalidArgumentError('It must be redfish, ipmi, or both with a comma between.');
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
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
  if (['on', 'off', 'soft', 'reset', 'unplug'].includes(text)) return text;
  throw new InvalidArgumentError('It must be on, off, soft, reset or unplug.');
}
