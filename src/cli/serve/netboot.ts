import type { Manager } from '../../kube/manager/manager.ts';
import { addDhcpService } from '../../netboot/dhcp/dhcp-service.ts';
import { httpUrl } from '../../netboot/dhcp/settings.ts';
import { addNetbootService, type NetbootServiceOptions } from '../../netboot/netboot-service.ts';
import type { ServeFlags } from './flags.ts';
import { publicAddress } from './public-address.ts';

/** Where `--artifacts-dir` is served. */
const artifactsPath = '/artifacts/';

/**
 * Adds everything that machines boot from.
 * @throws CaptError for what is wrong with flags and folders
 */
export function addNetboot(manager: Manager, flags: ServeFlags): void {
  const address = publicAddress(flags);
  const urls = advertisedUrls(flags, address);
  const { programs } = addNetbootService(manager, netbootServiceOptions(flags, address, urls.script));
  if (!flags.dhcpEnabled) return;
  addDhcpService(manager, {
    ...within(flags),
    serverAddress: flags.dhcpIpForPacket ?? address,
    mode: flags.dhcpMode,
    bindAddress: flags.dhcpBindAddr,
    syslogAddress: flags.dhcpSyslogIp ?? address,
    netbootEnabled: flags.dhcpEnableNetbootOptions,
    tftpAddress: flags.dhcpTftpIp ?? address,
    tftpPort: flags.dhcpTftpPort ?? flags.tftpServerBindPort,
    binaryUrl: urls.binary,
    scriptUrl: urls.script,
    scriptUrlHasMac: flags.dhcpIpxeHttpScriptPrependMac,
    scriptForAnyIpxe: !programs.sayTinkerbell,
    macFormat: flags.ipxeBinaryInjectMacAddrFormat,
    architectures: flags.ipxeOverrideArchMapping,
    ...(flags.dhcpBindInterface === undefined ? {} : { bindInterface: flags.dhcpBindInterface }),
  });
}

/** What DHCP tells machines. */
export function advertisedUrls(flags: ServeFlags, address: string): { binary: string; script: string } {
  return {
    binary: httpUrl({
      scheme: flags.dhcpIpxeHttpBinaryScheme,
      host: flags.dhcpIpxeHttpBinaryHost ?? address,
      port: flags.dhcpIpxeHttpBinaryPort ?? flags.httpPort,
      path: flags.dhcpIpxeHttpBinaryPath,
    }),
    script: httpUrl({
      scheme: flags.dhcpIpxeHttpScriptScheme,
      host: flags.dhcpIpxeHttpScriptHost ?? address,
      port: flags.dhcpIpxeHttpScriptPort ?? flags.httpPort,
      path: flags.dhcpIpxeHttpScriptPath,
    }),
  };
}

function netbootServiceOptions(flags: ServeFlags, address: string, scriptUrl: string): NetbootServiceOptions {
  const { artifactsDir, ipxeBinaryDir, ipxeEmbeddedScriptPatch } = flags;
  return {
    ...within(flags),
    programs: {
      ...(ipxeBinaryDir === undefined ? {} : { folder: ipxeBinaryDir }),
      ...(ipxeEmbeddedScriptPatch === undefined ? {} : { embeddedScriptPatch: ipxeEmbeddedScriptPatch }),
    },
    programsOverHttp: flags.ipxeHttpBinaryEnabled,
    trustedProxies: flags.trustedProxies,
    ...(flags.tftpServerEnabled
      ? {
          tftp: {
            host: flags.tftpServerBindAddr ?? flags.bindAddress,
            port: flags.tftpServerBindPort,
            maxTimeoutSeconds: flags.tftpTimeout,
            maxBlockSizeBytes: flags.tftpBlockSize,
            singlePort: flags.tftpSinglePort,
          },
        }
      : {}),
    ...(flags.syslogEnabled
      ? { syslog: { host: flags.syslogBindAddr ?? flags.bindAddress, port: flags.syslogBindPort } }
      : {}),
    ...(flags.ipxeHttpScriptEnabled ? { scripts: scripts(flags, address, scriptUrl) } : {}),
    ...(flags.pxeHttpEnabled ? { pxePrefix: flags.pxeHttpPathPrefix } : {}),
    ...(artifactsDir === undefined ? {} : { artifacts: { folder: artifactsDir, prefix: artifactsPath } }),
  };
}

function scripts(flags: ServeFlags, host: string, url: string): NonNullable<NetbootServiceOptions['scripts']> {
  const own = flags.artifactsDir === undefined ? '' : httpUrl({ host, port: flags.httpPort, path: artifactsPath });
  const { ipxeHttpScriptKernelName: kernelName, ipxeHttpScriptInitrdName: initrdName } = flags;
  return {
    url,
    unknownMachines: flags.dhcpMode.toLowerCase() === 'auto-proxy',
    settings: {
      osieUrl: flags.ipxeHttpScriptOsieUrl ?? own,
      retries: flags.ipxeHttpScriptRetries,
      retryDelaySeconds: flags.ipxeHttpScriptRetryDelay,
      syslogHost: flags.ipxeScriptSyslogFqdn || flags.dhcpSyslogIp || host,
      grpcAuthority: flags.ipxeScriptTinkServerAddrPort || `${host}:${flags.tinkServerBindPort}`,
      grpcTls: flags.ipxeScriptTinkServerUseTls || flags.tlsCertFile !== undefined,
      grpcInsecureTls: flags.ipxeScriptTinkServerInsecureTls,
      extraKernelArgs: flags.ipxeHttpScriptExtraKernelArgs,
      ...(kernelName === undefined ? {} : { kernelName }),
      ...(initrdName === undefined ? {} : { initrdName }),
    },
  };
}

function within({ backendKubeNamespace: namespace }: ServeFlags): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
