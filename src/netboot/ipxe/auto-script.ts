import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { canonicalMac } from '../hardware/mac-address.ts';
import { bootLines, oneLine, syslogLines } from './script-lines.ts';
import type { ScriptSettings } from './script-settings.ts';

/** What a machine is to run, or why it gets nothing. */
export type AutoScript =
  | { readonly outcome: 'script'; readonly text: string }
  | { readonly outcome: 'not-allowed' }
  | { readonly outcome: 'bad-url'; readonly url: string };

/**
 * The script `auto.ipxe` for one interface of a Hardware. Kernel arguments are those that HookOS and other installers made
 * for Tinkerbell understand, in the usual order.
 */
export function autoScript(hardware: Hardware, one: HardwareInterface, settings: ScriptSettings): AutoScript {
  const { netboot } = one;
  if (netboot?.allowPXE !== true) return { outcome: 'not-allowed' };
  const { url, contents } = netboot.ipxe ?? {};
  if (url) return isWebUrl(url) ? customScript(`chain --autofree ${url}`) : { outcome: 'bad-url', url };
  if (contents) return customScript(contents);
  return { outcome: 'script', text: installerScript(hardware, one, settings) };
}

function customScript(body: string): AutoScript {
  return { outcome: 'script', text: ['#!ipxe', '', 'echo Running the script of this machine', body, ''].join('\n') };
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(url) && URL.canParse(url);
}

function installerScript(hardware: Hardware, one: HardwareInterface, settings: ScriptSettings): string {
  const { dhcp, netboot } = one;
  const osie = netboot?.osie;
  const arch = oneLine(dhcp?.arch || 'x86_64');
  return [
    '#!ipxe',
    ...syslogLines(settings),
    '',
    'echo Loading the installer of this machine',
    `set arch ${arch}`,
    `set download-url ${oneLine(osie?.baseURL || settings.osieUrl).replace(/\/+$/, '')}`,
    `set kernel ${oneLine(osie?.kernel || fileOf(settings.kernelName, arch, 'vmlinuz'))}`,
    `set initrd ${oneLine(osie?.initrd || fileOf(settings.initrdName, arch, 'initramfs'))}`,
    ...bootLines(settings, kernelArguments(hardware, one, settings)),
  ].join('\n');
}

/** A name that was set stands with the architecture as it is; else iPXE fills it in. */
function fileOf(name: string | undefined, arch: string, standard: string): string {
  return name ? `${name}-${arch}` : `${standard}-\${arch}`;
}

function kernelArguments({ spec }: Hardware, { dhcp, netboot }: HardwareInterface, settings: ScriptSettings): string[] {
  const mac = canonicalMac(dhcp?.mac ?? '') ?? '';
  return [
    ...(dhcp?.vlan_id ? [`vlan_id=${dhcp.vlan_id}`] : []),
    // People put whole arguments in here (`console=…`), so blanks stay.
    `facility=${spec?.metadata?.facility?.facility_code ?? ''}`,
    ...(settings.syslogHost ? [`syslog_host=${settings.syslogHost}`] : []),
    `grpc_authority=${settings.grpcAuthority}`,
    `tinkerbell_tls=${settings.grpcTls ?? false}`,
    `tinkerbell_insecure_tls=${settings.grpcInsecureTls ?? false}`,
    `worker_id=${spec?.agentID || mac}`,
    `hw_addr=${mac}`,
    'modules=loop,squashfs,sd-mod,usb-storage',
    'intel_iommu=on',
    'iommu=pt',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: iPXE fills it in
    'initrd=${initrd}',
    'console=tty0',
    'console=ttyS1,115200',
    ...(settings.extraKernelArgs ?? []),
    ...(netboot?.osie?.kernelParams ?? []),
  ].map(oneLine);
}
