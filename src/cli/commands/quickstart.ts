import { type Command, Option } from 'commander';
import { parsePort } from '../kubernetes/context.ts';
import type { DemoFlags } from '../quickstart/demo.ts';
import type { DownFlags } from '../quickstart/down.ts';
import type { UpFlags } from '../quickstart/up.ts';
import { parseNumber, parsePositiveDuration } from '../serve/parse.ts';

const details = `
A real management cluster with the real Cluster API and our services, a rack of machines that are switched off, and a
cluster on them: applied as a user would, powered on by their BMCs, installed over the network, joined by kubeadm. Machines
are emulated by QEMU; where that cannot work (it needs root), they are simulated.

Everything lies in one folder. Running it again goes on with what runs; when a part of it was ended, all is started over.
When it fails or is interrupted nothing runs on; what was built is kept for the next time.`;

/** `capt quickstart …`. The code behind a command is loaded when it is called. */
export function registerQuickstart(program: Command): void {
  const directory = () =>
    new Option('--dir <folder>', 'folder of everything it makes (default: capt/quickstart in XDG_STATE_HOME)');
  const quickstart = program
    .command('quickstart')
    .description('from an empty machine to a running cluster on a rack of virtual machines')
    .addHelpText('after', details);
  quickstart
    .command('up', { isDefault: true })
    .description('start everything, or go on with what runs')
    .addOption(directory())
    .addOption(
      new Option('--rack <kind>', 'which machines (default: qemu where it works)').choices(['qemu', 'simulated']),
    )
    .addOption(new Option('--machines <n>', 'machines in the rack').argParser(parseNumber(1, 80)).default(3))
    .addOption(
      new Option('--workers <n>', 'how many of them become workers, besides one control plane')
        .argParser(parseNumber(0, 79))
        .default(1),
    )
    .addOption(new Option('--firmware <kind>', 'of emulated machines').choices(['bios', 'uefi']).default('bios'))
    .addOption(
      new Option(
        '--acceleration <kind>',
        'of emulated machines (default: KVM where a probe proves that it works)',
      ).choices(['kvm', 'tcg']),
    )
    .option(
      '--port <number>',
      'port of the management cluster (default: the one of last time, else 6443 if free; 0: any)',
      parsePort,
    )
    .addOption(
      new Option('--timeout <duration>', 'how long machines may take')
        .argParser(parsePositiveDuration)
        .default(1800, '30m'),
    )
    .option('--keep', 'keep everything running when it fails or is interrupted, to look at it')
    .option('--quick', 'simulated machines that take milliseconds for what others take seconds for')
    .action(async (flags: UpFlags) => (await import('../quickstart/up.ts')).quickstart(flags));
  quickstart
    .command('down')
    .description('end everything that runs; files stay')
    .addOption(directory())
    .option('--purge', 'remove its files too')
    .action(async (flags: DownFlags) => (await import('../quickstart/down.ts')).down(flags));
  const demo = quickstart.command('demo').description('what a cluster on bare metal is good for, once it runs');
  const patience = () =>
    new Option('--timeout <duration>', 'how long each step may take')
      .argParser(parsePositiveDuration)
      .default(1800, '30m');
  demo
    .command('scale')
    .description('one worker more, then one less; the disk that came back is looked at from outside')
    .addOption(directory())
    .addOption(patience())
    .action(async (flags: DemoFlags) => (await import('../quickstart/demo.ts')).demoScale(flags));
  demo
    .command('upgrade')
    .description('another template: the worker is rolled, with no host to spare')
    .addOption(directory())
    .addOption(patience())
    .action(async (flags: DemoFlags) => (await import('../quickstart/demo.ts')).demoUpgrade(flags));
  quickstart
    .command('stack', { hidden: true })
    .addOption(directory())
    .action(async (flags: { dir?: string }) => (await import('../quickstart/stack.ts')).superviseStack(flags));
}
