export interface GrubOptions {
  /** UUID of the file system with the kernel, which is the root file system. */
  readonly rootUuid: string;
  readonly kernelArguments: readonly string[];
  readonly menuSeconds: number;
}

/**
 * `/boot/grub/grub.cfg`. Kernel and initial file system go by the links that Debian keeps to the newest, so that an upgrade
 * needs no GRUB. Our kexec action reads this too.
 */
export function grubConfig({ rootUuid, kernelArguments, menuSeconds }: GrubOptions): string {
  return `set default=0
set timeout=${menuSeconds}
serial --unit=0 --speed=115200
terminal_input console serial
terminal_output console serial

menuentry "Debian" {
  search --no-floppy --fs-uuid --set=root ${rootUuid}
  linux /vmlinuz root=UUID=${rootUuid} ro ${kernelArguments.join(' ')}
  initrd /initrd.img
}
`;
}

/** Built into GRUB itself: finds the file above. */
export function grubStart(rootUuid: string): string {
  return `search --no-floppy --fs-uuid --set=root ${rootUuid}
set prefix=($root)/boot/grub
configfile ($root)/boot/grub/grub.cfg
`;
}

const common = ['part_gpt', 'ext2', 'normal', 'configfile', 'search', 'search_fs_uuid', 'linux', 'gzio', 'serial'];
const commands = ['terminal', 'echo', 'test', 'ls', 'cat', 'halt', 'reboot', 'minicmd', 'boot'];

/** Modules that go into GRUB's image, because there is no folder to load them from. */
export const grubModules = {
  'i386-pc': [...common, ...commands, 'biosdisk'],
  'x86_64-efi': [...common, ...commands, 'fat', 'all_video', 'efi_gop', 'efi_uga'],
  'arm64-efi': [...common, ...commands, 'fat', 'all_video', 'efi_gop'],
} as const;
