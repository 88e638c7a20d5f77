import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import type { HardwareIndex, HardwareLookup } from '../hardware/hardware-index.ts';
import { canonicalMac } from '../hardware/mac-address.ts';
import type { BootProgram, BootPrograms } from './boot-programs.ts';
import { autoexecScript } from './unknown-script.ts';

export interface BootFilesOptions {
  hardware: Pick<HardwareIndex, 'byMac' | 'byIp'>;
  programs: BootPrograms;
  /** URL of `auto.ipxe` without a hardware address, for programs that ask for `autoexec.ipxe`. Absent: they get none. */
  scriptUrl?: string;
}

/** DHCP appends the trace that a boot belongs to; what comes after it is dropped with it. */
const traceSuffix = /-[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*$/i;

/** The files that firmware and iPXE ask for by name, over TFTP or HTTP; all of them from memory. */
export class BootFiles {
  readonly #options: BootFilesOptions;
  readonly #autoexec: Buffer | undefined;

  constructor(options: BootFilesOptions) {
    this.#options = options;
    this.#autoexec = options.scriptUrl === undefined ? undefined : Buffer.from(autoexecScript(options.scriptUrl));
  }

  /**
   * @param path as it was asked for: the last part counts, one before it may be the hardware address of the client
   * @param address of the client
   */
  find(path: string, address: string): Buffer | undefined {
    return (
      this.program(path, address)?.content ?? this.#autoexecFor(path, address) ?? this.configuration(path, address)
    );
  }

  /** A boot program, unless the machine is known and may not boot over the network. */
  program(path: string, address: string): BootProgram | undefined {
    const parts = partsOf(path);
    const program = this.#options.programs.get(parts.at(-1) ?? '');
    return program !== undefined && this.#mayBoot(parts.at(-2), address) ? program : undefined;
  }

  /** What a Hardware brings itself: PXELINUX configuration, and the texts of a Raspberry Pi. */
  configuration(path: string, address: string): Buffer | undefined {
    const parts = partsOf(path);
    const [folder, file, ...rest] = parts;
    if (folder === undefined || file === undefined || rest.length > 0) return undefined;
    const text = folder === 'pxelinux.cfg' ? this.#pxelinux(file) : this.#raspberryPi(folder, file, address);
    return text ? Buffer.from(text) : undefined;
  }

  #autoexecFor(path: string, address: string): Buffer | undefined {
    const parts = partsOf(path);
    return parts.at(-1) === 'autoexec.ipxe' && this.#mayBoot(parts.at(-2), address) ? this.#autoexec : undefined;
  }

  #pxelinux(file: string): string | undefined {
    const [, mac] = /^01-((?:[0-9a-f]{2}-){5}[0-9a-f]{2})$/i.exec(file) ?? [];
    return mac === undefined ? undefined : allowed(this.#options.hardware.byMac(mac))?.pxelinux?.config;
  }

  #raspberryPi(serial: string, file: string, address: string): string | undefined {
    const netboot = allowed(this.#options.hardware.byIp(address));
    if (netboot?.rpi?.serialNum !== serial) return undefined;
    if (file === 'config.txt') return netboot.rpi.configTxt;
    return file === 'cmdline.txt' ? netboot.osie?.kernelParams?.join(' ') : undefined;
  }

  #mayBoot(folder: string | undefined, address: string): boolean {
    const mac = canonicalMac(folder ?? '');
    const { hardware } = this.#options;
    const lookup = mac === undefined ? hardware.byIp(address) : hardware.byMac(mac);
    return lookup.outcome !== 'found' || lookup.interface.netboot?.allowPXE === true;
  }
}

function partsOf(path: string): string[] {
  return path
    .replace(traceSuffix, '')
    .split('/')
    .filter((part) => part !== '');
}

function allowed(lookup: HardwareLookup): HardwareInterface['netboot'] {
  if (lookup.outcome !== 'found') return undefined;
  const { netboot } = lookup.interface;
  return netboot?.allowPXE === true ? netboot : undefined;
}
