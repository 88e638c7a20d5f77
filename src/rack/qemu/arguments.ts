import type { BootSource } from './boot-order.ts';
import type { Acceleration, QemuMachineSpec, QemuNic } from './machine-spec.ts';

export interface BootPlan {
  acceleration: Acceleration;
  sources: readonly BootSource[];
  /** File in the CD drive. */
  cdrom?: string;
  /** After how long a BIOS that found nothing to boot tries again, in milliseconds. Default 5,000. */
  retryMs?: number;
}

/** By which name QMP knows the CD drive. */
export const cdDrive = 'cd';

/**
 * The command line of one boot: a QEMU process lives from power-on or restart until power-off or restart, so that an
 * override for one boot needs nothing but another command line. QMP is on standard input and output: no socket that
 * others could find, and none to remove.
 */
export function qemuArguments(spec: QemuMachineSpec, plan: BootPlan): string[] {
  const position = new BootPositions(plan.sources);
  return [
    ...['-name', value(spec.name), '-uuid', spec.uuid],
    '-no-user-config',
    '-nodefaults',
    ...['-display', 'none', '-vga', 'std'],
    ...acceleration(plan.acceleration),
    ...['-smp', String(spec.processors), '-m', `${spec.memoryMib}M`],
    ...firmware(spec),
    // A restart ends the process, and its reason tells that it was one.
    '-no-reboot',
    ...['-boot', `strict=on,reboot-timeout=${plan.retryMs ?? 5_000}`],
    ...['-chardev', 'stdio,id=qmp,signal=off', '-mon', 'chardev=qmp,mode=control'],
    ...spec.serialFiles.flatMap(serial),
    ...['-device', 'virtio-rng-pci'],
    ...disks(spec, position),
    ...cdrom(plan, position),
    ...spec.nics.flatMap((nic, index) => network(nic, index, position)),
  ];
}

/** Numbers for `bootindex`: one for every device, in the order of the sources. */
class BootPositions {
  readonly #sources: readonly BootSource[];

  constructor(sources: readonly BootSource[]) {
    this.#sources = sources;
  }

  /** The end of a `-device` option; empty for what is not to be booted from. */
  of(source: BootSource, index: number): string {
    const place = this.#sources.indexOf(source);
    return place === -1 ? '' : `,bootindex=${place * 100 + index}`;
  }
}

function acceleration(kind: Acceleration): string[] {
  const machine = ['-machine', 'q35'];
  if (kind === 'kvm') return [...machine, '-accel', 'kvm', '-cpu', 'host'];
  // Five-level paging and nested virtualisation cost time under emulation and serve nobody, and each copy from or to a
  // process changes the mode of the emulated processor for `smap`. Systems that are told of `erms` copy and clear memory by
  // one instruction that is emulated byte by byte, half as fast as their other ways; with only one of it and `fsrm`, which
  // newer QEMU has too, Linux does not start.
  const without = ['la57', 'svm', 'smap', 'erms', 'fsrm'].map((feature) => `,${feature}=off`).join('');
  return [...machine, '-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', `max${without}`];
}

function firmware({ firmware: how }: QemuMachineSpec): string[] {
  if (how.kind === 'bios') return [];
  const flash = (unit: number, file: string, more: string) => [
    '-drive',
    `if=pflash,unit=${unit},format=raw${more},file=${value(file)}`,
  ];
  return [...flash(0, how.code, ',readonly=on'), ...flash(1, how.variables, '')];
}

function serial(file: string, index: number): string[] {
  const id = `serial${index}`;
  return ['-chardev', `file,id=${id},append=on,path=${value(file)}`, '-serial', `chardev:${id}`];
}

function disks(spec: QemuMachineSpec, position: BootPositions): string[] {
  return spec.disks.flatMap(({ file, format, serialNumber }, index) => {
    const id = `disk${index}`;
    const number = serialNumber === undefined ? '' : `,serial=${value(serialNumber)}`;
    return [
      '-drive',
      // Nothing on these disks outlives the host, so nobody has to wait for its disk.
      `if=none,id=${id},format=${format},cache=unsafe,discard=unmap,file=${value(file)}`,
      '-device',
      `virtio-blk-pci,drive=${id}${number}${position.of('disk', index)}`,
    ];
  });
}

function cdrom({ cdrom: file }: BootPlan, position: BootPositions): string[] {
  const medium = file === undefined ? '' : `,format=raw,file=${value(file)}`;
  return [
    '-drive',
    `if=none,id=${cdDrive}0,media=cdrom,readonly=on${medium}`,
    '-device',
    `ide-cd,id=${cdDrive},drive=${cdDrive}0${position.of('cdrom', 0)}`,
  ];
}

function network({ mac, tap, model = 'virtio-net-pci', optionRom = true }: QemuNic, index: number, at: BootPositions) {
  const rom = optionRom ? '' : ',romfile=';
  return [
    '-netdev',
    `tap,id=net${index},ifname=${value(tap)},script=no,downscript=no`,
    '-device',
    `${model},netdev=net${index},mac=${mac}${rom}${at.of('pxe', index)}`,
  ];
}

/** As it must stand in an option: a comma is written twice. */
function value(text: string): string {
  return text.replaceAll(',', ',,');
}
