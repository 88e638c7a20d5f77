import { type Command, Option } from 'commander';
import type { InstallerFlags } from '../installer/build.ts';

const details = `
Prints the folder with vmlinuz-<arch> and initramfs-<arch>, the names that machines ask for when it is served as
hookImagesURLPath. Made of Debian packages by apt and dpkg, without root; downloads and results are kept in the cache.
A recipe of your own adds packages, kernel modules, firmware and files: bootstrap/installer/README.md.

Environment:
  CAPT_CACHE_DIR  where downloads and results are kept (default: capt in XDG_CACHE_HOME or ~/.cache)`;

/** `capt installer …`: the OS in memory that installs machines. */
export function registerInstaller(program: Command): void {
  const installer = program.command('installer').description('make the OS in memory that installs machines');
  installer
    .command('build')
    .description('make kernel and initramfs, or find them made')
    .addOption(new Option('--arch <name>', 'for which machines (default: as this one)').choices(['x86_64', 'aarch64']))
    .option('--recipe <file...>', 'recipes that are added to ours')
    .option('--out <folder>', 'copy the result there')
    .option('--update', 'take the newest packages instead of those of the first time')
    .option('--check', 'make it once more and compare: the same bytes have to come out')
    .addHelpText('after', details)
    .action(async (flags: InstallerFlags) => (await import('../installer/build.ts')).build(flags));
}
