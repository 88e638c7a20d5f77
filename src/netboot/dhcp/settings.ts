import { CaptError } from '../../api/errors/capt-error.ts';
import { formatIpv4, type Ipv4, parseIpv4 } from './codec/ipv4.ts';
import { type MacFormat, macFormats, type NetbootSettings } from './decide/boot-file.ts';
import type { DecideOptions, DhcpMode } from './decide/options.ts';

/** What a user may set, as text like on a command line. The flags of the original are noted. */
export interface DhcpSettings {
  /** `--dhcp-ip-for-packet`: our IPv4 address as clients know it. */
  serverAddress: string;
  /** `--dhcp-mode`: `reservation` (default) or `proxy`, in any case. */
  mode?: string;
  /** `--dhcp-bind-addr`. Default 0.0.0.0; only that hears broadcasts. */
  bindAddress?: string;
  /** `--dhcp-bind-interface`. Default: broadcasts leave by the interface that has `serverAddress`. */
  bindInterface?: string;
  /** `--dhcp-syslog-ip`. Default: nobody is told a syslog server. */
  syslogAddress?: string;
  /** `--dhcp-enable-netboot-options`. Default true. */
  netbootEnabled?: boolean;
  /** `--dhcp-tftp-ip`. Default `serverAddress`. */
  tftpAddress?: string;
  /** `--dhcp-tftp-port`. Default 69. */
  tftpPort?: number;
  /** `--dhcp-ipxe-http-binary-{scheme,host,port,path}`. Default `http://<serverAddress>:7080/ipxe/binary/`. */
  binaryUrl?: string;
  /** `--dhcp-ipxe-http-script-{scheme,host,port,path}`. Default `http://<serverAddress>:7080/ipxe/script/auto.ipxe`. */
  scriptUrl?: string;
  /** `--dhcp-ipxe-http-script-prepend-mac`. Default true. */
  scriptUrlHasMac?: boolean;
  /** Boot programs call themselves `iPXE`, so that name gets the script. Default false: only `Tinkerbell` does. */
  scriptForAnyIpxe?: boolean;
  /** `--ipxe-binary-inject-mac-addr-format`. Default `colon`. */
  macFormat?: string;
  /** `--ipxe-override-arch-mapping`: `<number>=<program>`, joined by commas. */
  architectures?: string;
}

/** Settings that were found to be right. */
export interface CheckedSettings {
  readonly decide: DecideOptions;
  readonly bindAddress: Ipv4;
  readonly bindInterface: string | undefined;
}

/** A URL from the parts that the original has a flag for each; `host` may be an IPv6 address. */
export function httpUrl(parts: { scheme?: string; host: string; port?: number; path: string }): string {
  const { scheme = 'http', host, port, path } = parts;
  const authority = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${scheme}://${authority}${port === undefined ? '' : `:${port}`}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** @throws CaptError DHCP_OPTIONS_INVALID with everything that is wrong */
export function checkSettings(settings: DhcpSettings): CheckedSettings {
  const problems: string[] = [];
  const address = (option: string, text: string): Ipv4 => {
    const parsed = parseIpv4(text);
    if (parsed === undefined) problems.push(`${option} is ${JSON.stringify(text)}, it must be an IPv4 address`);
    return parsed ?? 0;
  };
  const serverAddress = address('--dhcp-ip-for-packet', settings.serverAddress);
  if (serverAddress === 0 && problems.length === 0) {
    problems.push('--dhcp-ip-for-packet is 0.0.0.0, it must be the address by which machines reach this server');
  }
  const mode = readMode(settings.mode ?? 'reservation', problems);
  const bindAddress = address('--dhcp-bind-addr', settings.bindAddress ?? '0.0.0.0');
  const syslog = settings.syslogAddress ? address('--dhcp-syslog-ip', settings.syslogAddress) : undefined;
  const netboot = readNetboot(settings, serverAddress, address, problems);
  if (problems.length > 0) throw new CaptError('DHCP_OPTIONS_INVALID', { problems: problems.join('; ') });
  return {
    decide: {
      mode,
      serverAddress,
      ...(syslog === undefined ? {} : { syslogAddress: syslog }),
      ...((settings.netbootEnabled ?? true) ? { netboot } : {}),
    },
    bindAddress,
    bindInterface: settings.bindInterface || undefined,
  };
}

function readNetboot(
  settings: DhcpSettings,
  serverAddress: Ipv4,
  address: (option: string, text: string) => Ipv4,
  problems: string[],
): NetbootSettings {
  const host = formatIpv4(serverAddress);
  const {
    binaryUrl = httpUrl({ host, port: 7080, path: '/ipxe/binary/' }),
    scriptUrl = httpUrl({ host, port: 7080, path: '/ipxe/script/auto.ipxe' }),
    tftpPort = 69,
  } = settings;
  checkUrl('--dhcp-ipxe-http-binary-*', binaryUrl, problems);
  checkUrl('--dhcp-ipxe-http-script-*', scriptUrl, problems);
  if (!Number.isInteger(tftpPort) || tftpPort < 1 || tftpPort > 65_535) {
    problems.push(`--dhcp-tftp-port is ${tftpPort}, it must be a port from 1 to 65535`);
  }
  return {
    tftpAddress: settings.tftpAddress ? address('--dhcp-tftp-ip', settings.tftpAddress) : serverAddress,
    tftpPort,
    binaryUrl,
    scriptUrl,
    scriptUrlHasMac: settings.scriptUrlHasMac ?? true,
    scriptForAnyIpxe: settings.scriptForAnyIpxe ?? false,
    macFormat: readMacFormat(settings.macFormat ?? 'colon', problems),
    architectures: readArchitectureMap(settings.architectures ?? '', problems),
  };
}

function readMode(text: string, problems: string[]): DhcpMode {
  const mode = text.toLowerCase();
  if (mode === 'reservation' || mode === 'proxy') return mode;
  const why = mode === 'auto-proxy' ? ' (auto-proxy is not there yet)' : '';
  problems.push(`--dhcp-mode is ${JSON.stringify(text)}, it must be reservation or proxy${why}`);
  return 'reservation';
}

function readMacFormat(text: string, problems: string[]): MacFormat {
  const format = macFormats.find((one) => one === text.toLowerCase());
  if (format === undefined) {
    problems.push(
      `--ipxe-binary-inject-mac-addr-format is ${JSON.stringify(text)}, it must be one of ${macFormats.join(', ')}`,
    );
  }
  return format ?? 'colon';
}

const maxArchitecture = 65_535;

function readArchitectureMap(text: string, problems: string[]): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const match = /^\s*(\d+)\s*=\s*(\S+)\s*$/.exec(part);
    const number = Number(match?.[1]);
    if (match === null || number > maxArchitecture) {
      problems.push(
        `--ipxe-override-arch-mapping has ${JSON.stringify(part)}, it must be <number>=<program> like 7=ipxe.efi`,
      );
    } else map.set(number, match[2] ?? '');
  }
  return map;
}

function checkUrl(option: string, url: string, problems: string[]): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    problems.push(`${option} make ${JSON.stringify(url)}, they must make an http or https URL`);
  }
}
