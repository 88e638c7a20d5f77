import { execFile } from 'node:child_process';
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compress, kernelArguments, type SmallOs, smallSystem } from './small-os.ts';

const run = promisify(execFile);

/** What Ignition does first: it fetches its configuration from where the kernel was told that it is. */
const firstBoot = `
for word in $(cat /proc/cmdline); do
  case $word in
    ignition.config.url=*) url=\${word#*=} ;;
    flatcar.first_boot=*) first=\${word#*=} ;;
  esac
done
network
wget -q -O /config "$url"
sum=$(sha256sum /config | cut -d ' ' -f 1)
tell "$url" "small-os: ignition first_boot=$first config=$sum"
poweroff -f
`;

/** As Flatcar's: what is set in the OEM partition comes to the arguments of the kernel. */
const grub = `set timeout=0
insmod part_gpt
insmod fat
insmod btrfs
source (hd0,gpt6)/grub.cfg
linux (hd0,gpt1)/vmlinuz ${kernelArguments} $linux_append
initrd (hd0,gpt1)/initrd.img
boot
`;

const mebibyte = 2 ** 20;
/** In MiB: where partitions begin, and how long they are. */
const system = { from: 1, length: 64 };
const oem = { from: 66, length: 64 };

/**
 * A stand-in for Flatcar, UEFI only: as there, partition 1 is the EFI system partition and partition 6 is `OEM`, btrfs,
 * with the `grub.cfg` that GRUB reads.
 */
export async function ignitionOs(options: { cacheDirectory: string; target: string }): Promise<SmallOs> {
  const { cacheDirectory, target } = options;
  const tree = join(target, 'ignition-os');
  await rm(tree, { recursive: true, force: true });
  await mkdir(join(tree, 'EFI/BOOT'), { recursive: true });
  await smallSystem(cacheDirectory, tree, firstBoot);
  await writeFile(join(target, 'grub.cfg'), grub);
  const modules = ['part_gpt', 'fat', 'btrfs', 'linux', 'normal', 'configfile', 'echo'];
  await run('grub-mkstandalone', [
    ...['-O', 'x86_64-efi', '-o', join(tree, 'EFI/BOOT/BOOTX64.EFI'), '--themes=', '--locales=', '--fonts='],
    ...[`--install-modules=${modules.join(' ')}`, `--modules=${modules.join(' ')}`],
    `boot/grub/grub.cfg=${join(target, 'grub.cfg')}`,
  ]);

  const esp = join(target, 'esp.img');
  const empty = join(target, 'oem.img');
  await makeFile(esp, system.length * mebibyte);
  await run('mkfs.vfat', ['-F', '32', esp]);
  await run('mcopy', ['-s', '-i', esp, join(tree, 'EFI'), join(tree, 'vmlinuz'), join(tree, 'initrd.img'), '::/']);
  await makeFile(empty, oem.length * mebibyte);
  await run('mkfs.btrfs', ['-q', '-M', '-f', '-L', 'OEM', empty]);

  const rawFile = join(target, 'ignition-os.raw');
  const rawBytes = (oem.from + oem.length + 1) * mebibyte;
  await makeFile(rawFile, rawBytes);
  const sectors = ({ from, length }: typeof oem) => `start=${from * 2048}, size=${length * 2048}`;
  const table = `label: gpt\n1: ${sectors(system)}, type=U\n6: ${sectors(oem)}, name=OEM\n`;
  await run('sh', ['-c', 'printf "%s" "$2" | sfdisk -q "$1"', 'sh', rawFile, table]);
  for (const [file, { from }] of [
    [esp, system],
    [empty, oem],
  ] as const) {
    await run('dd', [`if=${file}`, `of=${rawFile}`, 'bs=1M', `seek=${from}`, 'conv=notrunc,sparse', 'status=none']);
    await rm(file);
  }
  await rm(tree, { recursive: true });
  return { ...(await compress(rawFile)), rawFile, rawBytes: (await stat(rawFile)).size };
}

async function makeFile(file: string, sizeBytes: number): Promise<void> {
  await using made = await open(file, 'w');
  await made.truncate(sizeBytes);
}
