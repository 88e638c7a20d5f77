/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: iPXE fills them in */
import { bootLines, oneLine, syslogLines } from './script-lines.ts';
import type { ScriptSettings } from './script-settings.ts';

const consoles = ['tty1', 'tty2', 'ttyAMA0,115200', 'ttyAMA1,115200', 'ttyS0,115200', 'ttyS1,115200'];

/**
 * The script for a machine that no Hardware describes: it boots the installer, whose agent then tells who it is. What
 * differs from machine to machine iPXE finds out itself.
 */
export function unknownMachineScript(settings: ScriptSettings): string {
  const { grpcAuthority, grpcTls = false, syslogHost, kernelName = 'vmlinuz', initrdName = 'initramfs' } = settings;
  const variables: [string, string][] = [
    ['worker_id', '${mac}'],
    ['grpc_authority', grpcAuthority],
    ['syslog_host', syslogHost ?? ''],
    ['tinkerbell_tls', String(grpcTls)],
  ];
  const kernelArguments = [
    ...(syslogHost ? ['syslog_host=${syslog_host}'] : []),
    'grpc_authority=${grpc_authority}',
    'tinkerbell_tls=${tinkerbell_tls}',
    'worker_id=${worker_id}',
    'hw_addr=${mac}',
    ...consoles.map((name) => `console=${name}`),
    'intel_iommu=on',
    'iommu=pt',
    ...(settings.extraKernelArgs ?? []).map(oneLine),
    'initrd=${initrd}',
  ];
  return [
    '#!ipxe',
    ...syslogLines(settings),
    '',
    'echo Loading the installer for a machine that is not known yet',
    'set arch ${buildarch}',
    'iseq ${arch} i386 && set arch x86_64 ||',
    'iseq ${arch} arm32 && set arch aarch64 ||',
    'iseq ${arch} arm64 && set arch aarch64 ||',
    `set kernel ${oneLine(kernelName)}-\${arch}`,
    `set initrd ${oneLine(initrdName)}-\${arch}`,
    `set download-url ${oneLine(settings.osieUrl).replace(/\/+$/, '')}`,
    ...variables.map(([name, value]) => `set ${name} ${oneLine(value)}`),
    ...variables.map(([name]) => `echo ${name}=\${${name}}`),
    ...bootLines(settings, kernelArguments),
  ].join('\n');
}

/**
 * What newer iPXE programs ask their TFTP server for before anything else. It takes them to the script of their machine
 * without another round of DHCP, so that programs that do not call themselves `Tinkerbell` get there as well.
 * @param scriptUrl of `auto.ipxe`, without a hardware address
 */
export function autoexecScript(scriptUrl: string): string {
  const last = scriptUrl.lastIndexOf('/') + 1;
  const url = `${scriptUrl.slice(0, last)}\${netX/mac:hexhyp}/${scriptUrl.slice(last)}`;
  return ['#!ipxe', 'isset ${netX/ip} || dhcp ||', `chain --autofree ${url}`, ''].join('\n');
}
