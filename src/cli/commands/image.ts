import type { Command } from 'commander';
import type { ImageFlags } from '../image/build.ts';

const details = `
Prints the path of the image: a disk of Debian with cloud-init, containerd, kubelet, kubeadm and the container images of
Kubernetes, compressed by zstd, with its sha256 beside it. It starts by BIOS, by UEFI and by our kexec action, and is what
imageLookupFormat may lead to. Needs root. What is in it: bootstrap/image/README.md.

Environment:
  CAPT_CACHE_DIR  where downloads and results are kept (default: capt in XDG_CACHE_HOME or ~/.cache)`;

/** `capt image …`: the operating system that machines get. */
export function registerImage(program: Command): void {
  const image = program.command('image').description('make the OS image that machines get');
  image
    .command('build')
    .description('make the image, or find it made')
    .option('--settings <file...>', 'settings that are added to ours')
    .option('--packages <file...>', 'lists of Debian packages that are added to ours')
    .option('--emulated', 'for machines emulated without KVM: kernel arguments that nothing else should have')
    .option('--out <folder>', 'copy the result there')
    .option('--update', 'take the newest Debian packages instead of those of the first time')
    .option('--again', 'make it even when it is there')
    .addHelpText('after', details)
    .action(async (flags: ImageFlags) => (await import('../image/build.ts')).build(flags));
}
