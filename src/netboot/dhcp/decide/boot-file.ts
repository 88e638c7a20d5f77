import type { Netboot } from '../../../api/tinkerbell/v1alpha1/hardware-netboot.ts';
import { formatIpv4, type Ipv4, parseIpv4 } from '../codec/ipv4.ts';
import { knownArchitecture, programFor } from './architecture.ts';
import type { NetbootClient } from './netboot-client.ts';

/** How hardware addresses are written in paths of boot programs. `empty` leaves them out. */
export const macFormats = ['colon', 'dot', 'dash', 'no-delimiter', 'empty'] as const;

export type MacFormat = (typeof macFormats)[number];

/** Where boot programs and scripts are. */
export interface NetbootSettings {
  readonly tftpAddress: Ipv4;
  readonly tftpPort: number;
  /** Folder of the boot programs, for clients that load over HTTP. */
  readonly binaryUrl: string;
  /** The script that our iPXE goes on with; absent when none is served. */
  readonly scriptUrl?: string;
  /** The hardware address comes before the last part of the path of `scriptUrl`. */
  readonly scriptUrlHasMac: boolean;
  /**
   * Our programs do not call themselves `Tinkerbell` but `iPXE`, as Debian's do: whoever does gets the script at once, or
   * it would load itself for ever. Default false.
   */
  readonly scriptForAnyIpxe?: boolean;
  readonly macFormat: MacFormat;
  /** Programs for architectures, before the usual ones. */
  readonly architectures: ReadonlyMap<number, string>;
}

/** What a netboot client is told, and why. */
export interface BootFile {
  readonly verdict:
    | 'program'
    | 'script'
    /** `allowPXE` is not set: a file that is not there, so that firmware goes on to its next boot device at once. */
    | 'not-allowed'
    /** There is no program for the architecture; told as not allowed. */
    | 'no-program';
  readonly file: string;
  /** `siaddr`. */
  readonly server: Ipv4;
}

/** Never served: the answer of TFTP or HTTP that it is not there ends the attempt. */
export const notAllowedFile = 'netboot-not-allowed';
const noScriptFile = '/no-ipxe-script-defined';

/** Chooses file and server for a client. `mac` is in canonical form. */
export function chooseBootFile(
  client: NetbootClient,
  mac: string,
  netboot: Netboot | undefined,
  settings: NetbootSettings,
): BootFile {
  const server = serverFor(client, settings);
  const refused = (verdict: 'not-allowed' | 'no-program') => ({
    verdict,
    file: refusedFile(client, mac, settings),
    server,
  });
  if (netboot?.allowPXE !== true) return refused('not-allowed');
  const program = programOf(client, netboot, settings);
  if (program === undefined) return refused('no-program');
  if (goesOn(client, settings)) return { verdict: 'script', file: scriptFile(mac, netboot, settings), server };
  if (client.kind === 'PXEClient' && client.program === 'firmware')
    return { verdict: 'program', file: program, server };
  const path = withMac(mac, program, settings);
  const file = client.kind === 'HTTPClient' ? under(settings.binaryUrl, path) : overTftp(path, settings);
  return { verdict: 'program', file, server };
}

/** It is the program that we would offer. */
function goesOn({ program }: NetbootClient, { scriptForAnyIpxe = false }: NetbootSettings): boolean {
  return program === 'Tinkerbell' || (program === 'iPXE' && scriptForAnyIpxe);
}

/** `mac`, which is in canonical form, as paths have it. */
export function formatMac(mac: string, format: MacFormat): string {
  switch (format) {
    case 'colon':
      return mac;
    case 'dash':
      return mac.replaceAll(':', '-');
    case 'dot':
      return mac.replaceAll(/(..):(..)/g, '$1$2').replaceAll(':', '.');
    case 'no-delimiter':
      return mac.replaceAll(':', '');
    case 'empty':
      return '';
  }
}

function programOf(client: NetbootClient, netboot: Netboot, { architectures }: NetbootSettings): string | undefined {
  if (netboot.ipxe?.binary) return netboot.ipxe.binary;
  const architecture = knownArchitecture(client.architectures, architectures);
  return architecture === undefined ? undefined : programFor(architecture, architectures);
}

function scriptFile(mac: string, netboot: Netboot, { scriptUrl, scriptUrlHasMac }: NetbootSettings): string {
  if (netboot.ipxe?.url) return netboot.ipxe.url;
  if (scriptUrl === undefined) return noScriptFile;
  if (!scriptUrlHasMac) return scriptUrl;
  const last = scriptUrl.lastIndexOf('/') + 1;
  return `${scriptUrl.slice(0, last)}${mac}/${scriptUrl.slice(last)}`;
}

/** In the way of the client, so that it asks the server that says no. */
function refusedFile({ kind, program }: NetbootClient, mac: string, settings: NetbootSettings): string {
  const path = withMac(mac, notAllowedFile, settings);
  if (kind === 'HTTPClient') return under(settings.binaryUrl, path);
  return program === 'firmware' ? `/${notAllowedFile}` : overTftp(path, settings);
}

function serverFor({ kind }: NetbootClient, { binaryUrl, tftpAddress }: NetbootSettings): Ipv4 {
  // An IPv6 literal or a name has no place in the header.
  const host = kind === 'HTTPClient' && URL.canParse(binaryUrl) ? parseIpv4(new URL(binaryUrl).hostname) : undefined;
  return host ?? tftpAddress;
}

function withMac(mac: string, file: string, { macFormat }: NetbootSettings): string {
  const folder = formatMac(mac, macFormat);
  return folder === '' ? file : `${folder}/${file}`;
}

function under(url: string, path: string): string {
  return url.endsWith('/') ? `${url}${path}` : `${url}/${path}`;
}

function overTftp(path: string, { tftpAddress, tftpPort }: NetbootSettings): string {
  return `tftp://${formatIpv4(tftpAddress)}:${tftpPort}/${path}`;
}
