import { Option } from 'commander';
import { parseAddress, parsePort } from '../kubernetes/context.ts';
import { parseBoolean, parseKernelArguments, parseNumber, parseSeconds } from './parse.ts';

/** What the service `netboot` is told, with defaults filled in. */
export interface NetbootFlags {
  publicIpv4?: string;
  dhcpEnabled: boolean;
  dhcpMode: string;
  dhcpEnableNetbootOptions: boolean;
  dhcpBindAddr: string;
  dhcpBindInterface?: string;
  dhcpIpForPacket?: string;
  dhcpSyslogIp?: string;
  dhcpTftpIp?: string;
  dhcpTftpPort?: number;
  dhcpIpxeHttpBinaryScheme: string;
  dhcpIpxeHttpBinaryHost?: string;
  dhcpIpxeHttpBinaryPort?: number;
  dhcpIpxeHttpBinaryPath: string;
  dhcpIpxeHttpScriptScheme: string;
  dhcpIpxeHttpScriptHost?: string;
  dhcpIpxeHttpScriptPort?: number;
  dhcpIpxeHttpScriptPath: string;
  dhcpIpxeHttpScriptPrependMac: boolean;
  ipxeBinaryDir?: string;
  ipxeHttpBinaryEnabled: boolean;
  ipxeHttpScriptEnabled: boolean;
  ipxeHttpScriptExtraKernelArgs: string[];
  ipxeHttpScriptKernelName?: string;
  ipxeHttpScriptInitrdName?: string;
  ipxeHttpScriptOsieUrl?: string;
  ipxeHttpScriptRetries: number;
  ipxeHttpScriptRetryDelay: number;
  ipxeScriptSyslogFqdn?: string;
  ipxeScriptTinkServerAddrPort?: string;
  ipxeScriptTinkServerUseTls: boolean;
  ipxeScriptTinkServerInsecureTls: boolean;
  ipxeOverrideArchMapping: string;
  ipxeEmbeddedScriptPatch?: string;
  ipxeBinaryInjectMacAddrFormat: string;
  syslogEnabled: boolean;
  syslogBindAddr?: string;
  syslogBindPort: number;
  tftpServerEnabled: boolean;
  tftpServerBindAddr?: string;
  tftpServerBindPort: number;
  tftpTimeout: number;
  tftpBlockSize: number;
  tftpSinglePort: boolean;
  pxeHttpEnabled: boolean;
  pxeHttpPathPrefix: string;
  artifactsDir?: string;
}

/** Names and defaults are the original's, where it has them. */
export function netbootOptions(): Option[] {
  return [...commonOptions(), ...dhcpOptions(), ...ipxeOptions(), ...serverOptions()];
}

/** What the original calls `string`. */
const text = (flag: string, about: string, standard?: string) =>
  new Option(`--${flag} <text>`, about).default(standard);
const address = (flag: string, about: string) => new Option(`--${flag} <address>`, about).argParser(parseAddress);
const port = (flag: string, about: string, standard?: number) =>
  new Option(`--${flag} <port>`, about).argParser(parsePort).default(standard);
const yes = (flag: string, about: string) => bool(flag, about).default(true);
const no = (flag: string, about: string) => bool(flag, about).default(false);
const bool = (flag: string, about: string) =>
  new Option(`--${flag} [bool]`, about).argParser(parseBoolean).preset('true');
const number = (flag: string, about: string, [min, standard, max]: [number, number, number]) =>
  new Option(`--${flag} <n>`, about).argParser(parseNumber(min, max)).default(standard);

function commonOptions(): Option[] {
  return [
    new Option(
      '--public-ipv4 <address>',
      'address by which machines reach this one (default, and when empty: that of the default route)',
    ).argParser((given) => (given === '' ? '' : parseAddress(given))),
    text('artifacts-dir', 'folder with installer files and images, served under /artifacts/ (default: none)'),
  ];
}

function dhcpOptions(): Option[] {
  const part = (kind: string, path: string) => [
    text(`dhcp-ipxe-http-${kind}-scheme`, `scheme of the URL of ${kind} that DHCP tells`, 'http'),
    text(`dhcp-ipxe-http-${kind}-host`, 'host of it (default: --public-ipv4)'),
    port(`dhcp-ipxe-http-${kind}-port`, 'port of it (default: --http-port)'),
    text(`dhcp-ipxe-http-${kind}-path`, 'path of it', path),
  ];
  return [
    yes('dhcp-enabled', 'answer DHCP'),
    text('dhcp-mode', 'reservation: addresses and boot files; proxy: boot files beside another server', 'reservation'),
    yes('dhcp-enable-netboot-options', 'tell boot files over DHCP'),
    address('dhcp-bind-addr', 'IP address that DHCP listens on').default('0.0.0.0'),
    text('dhcp-bind-interface', 'network interface that DHCP listens on (default: all)'),
    address('dhcp-ip-for-packet', 'our address in DHCP (default: --public-ipv4)'),
    address('dhcp-syslog-ip', 'address of the syslog server (default: --public-ipv4)'),
    address('dhcp-tftp-ip', 'address of the TFTP server (default: --public-ipv4)'),
    port('dhcp-tftp-port', 'port of the TFTP server (default: --tftp-server-bind-port)'),
    ...part('binary', '/ipxe/binary/'),
    ...part('script', '/ipxe/script/auto.ipxe'),
    yes('dhcp-ipxe-http-script-prepend-mac', 'put the hardware address into the URL of the script'),
    text('ipxe-override-arch-mapping', 'boot programs by architecture, like 7=ipxe.efi,11=snp-arm64.efi', ''),
    text('ipxe-binary-inject-mac-addr-format', 'how URLs have hardware addresses: colon, dot, dash, …', 'colon'),
  ];
}

function ipxeOptions(): Option[] {
  return [
    text('ipxe-binary-dir', "folder with boot programs (default: that of Debian's package ipxe)"),
    text('ipxe-embedded-script-patch', 'more lines for the script inside boot programs that have room for it'),
    yes('ipxe-http-binary-enabled', 'serve boot programs over HTTP'),
    yes('ipxe-http-script-enabled', 'serve scripts over HTTP'),
    new Option('--ipxe-http-script-extra-kernel-args <args>', 'more arguments for the installer')
      .argParser(parseKernelArguments)
      .default([], 'none'),
    text('ipxe-http-script-kernel-name', 'kernel file without -<arch> (default: vmlinuz)'),
    text('ipxe-http-script-initrd-name', 'initrd file without -<arch> (default: initramfs)'),
    text('ipxe-http-script-osie-url', 'folder of kernel and initrd (default: what --artifacts-dir serves)'),
    number('ipxe-http-script-retries', 'how often a script tries again', [0, 1, 1000]),
    number('ipxe-http-script-retry-delay', 'seconds in between', [0, 1, 3600]),
    text('ipxe-script-syslog-fqdn', 'where machines send syslog (default: --dhcp-syslog-ip)'),
    text('ipxe-script-tink-server-addr-port', "agents' gRPC API (default: --public-ipv4 and its port)"),
    no('ipxe-script-tink-server-use-tls', 'agents use TLS; always so with --tls-cert-file'),
    no('ipxe-script-tink-server-insecure-tls', 'agents do not verify the certificate'),
  ];
}

function serverOptions(): Option[] {
  return [
    yes('syslog-enabled', 'receive syslog'),
    address('syslog-bind-addr', 'IP address of syslog (default: --bind-address)'),
    port('syslog-bind-port', 'UDP port of syslog', 514),
    yes('tftp-server-enabled', 'serve TFTP'),
    address('tftp-server-bind-addr', 'IP address of TFTP (default: --bind-address)'),
    port('tftp-server-bind-port', 'UDP port of TFTP', 69),
    new Option('--tftp-timeout <duration>', 'longest wait before TFTP sends again')
      .argParser(parseSeconds)
      .default(10, '10s'),
    // The original's 512 makes each download three times as many packets; a client gets no more than it asks for.
    number('tftp-block-size', 'largest block of TFTP in bytes', [512, 1468, 65_464]),
    yes('tftp-single-port', 'send all of TFTP from one port'),
    no('pxe-http-enabled', 'serve over HTTP what TFTP serves'),
    text('pxe-http-path-prefix', 'under this path', '/tftp/'),
  ];
}
