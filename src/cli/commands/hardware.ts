import { type Command, Option } from 'commander';
import type { ClusterFlags } from '../hardware/context.ts';
import type { ImportFlags } from '../hardware/import.ts';
import type { ListFlags } from '../hardware/list.ts';

const importDetails = `
The file has the columns of EKS Anywhere, in any order: hostname, ip_address, netmask, gateway, nameservers, mac, disk,
labels, and if you like bmc_ip, bmc_username, bmc_password, vlan_id. All problems of all rows are told at once, and with a
problem nothing is written.

Importing a file again changes what differs. It never touches the owner of a machine, its user-data or how it netboots;
of a machine that is claimed only labels and the BMC change. Machines that are no longer in the file are named and stay.

Passwords of BMCs are never printed, with one exception: --dry-run --show-secrets prints the Secrets too. Without
--show-secrets a comment stands in for each, so that the output can be applied without overwriting a password.`;

const releaseDetails = `
A host goes to quarantine when installing it failed again and again, or when it could not be powered off and wiped; capt
explain hardware tells why. Look at it first: what was not wiped is still on its disks. A host that a machine holds stays
with that machine.`;

/** `capt hardware …`: the machines there are. */
export function registerHardware(program: Command): void {
  const hardware = program.command('hardware').description('bring in machines and look at them');
  const kubeconfig = () => new Option('--kubeconfig <file>', 'kubeconfig (default: KUBECONFIG, else ~/.kube/config)');
  const namespace = () => new Option('-n, --namespace <name>', 'namespace (default: that of the kubeconfig)');

  hardware
    .command('import')
    .description('make Hardware, bmc Machines and Secrets of a hardware.csv')
    .argument('<file>', 'the CSV file')
    .addOption(namespace())
    .addOption(kubeconfig())
    .option('--dry-run', 'print the objects as YAML and write nothing; asks no cluster')
    .option('--show-secrets', 'with --dry-run: print the Secrets, which hold passwords')
    .addHelpText('after', importDetails)
    .action(async (file: string, flags: ImportFlags) =>
      (await import('../hardware/import.ts')).importFile(file, flags),
    );

  hardware
    .command('list')
    .description('show owner, power and state of each machine')
    .addOption(namespace())
    .option('-A, --all-namespaces', 'all namespaces')
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .addOption(kubeconfig())
    .action(async (flags: ListFlags) => (await import('../hardware/list.ts')).list(flags));

  hardware
    .command('release')
    .description('let a host out of quarantine: it may be claimed again')
    .argument('<name>', 'name of the Hardware')
    .addOption(namespace())
    .addOption(kubeconfig())
    .addHelpText('after', releaseDetails)
    .action(async (name: string, flags: ClusterFlags) => (await import('../hardware/release.ts')).release(name, flags));
}
