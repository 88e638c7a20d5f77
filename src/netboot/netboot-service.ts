import { Hardware } from '../api/tinkerbell/v1alpha1/hardware.ts';
import { TrustedProxies } from '../kube/http/trusted-proxies.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { runtimeWarning } from '../kube/telemetry/channels.ts';
import { HardwareIndex } from './hardware/hardware-index.ts';
import { bootRoutes } from './http/boot-routes.ts';
import { fileRoutes } from './http/file-routes.ts';
import { Folder } from './http/folder.ts';
import { BootFiles } from './ipxe/boot-files.ts';
import { type BootPrograms, type BootProgramsOptions, readBootPrograms } from './ipxe/boot-programs.ts';
import type { ScriptSettings } from './ipxe/script-settings.ts';
import { Scripts } from './ipxe/scripts.ts';
import { SyslogServer, type SyslogServerOptions } from './syslog/syslog-server.ts';
import { TftpServer, type TftpServerOptions } from './tftp/tftp-server.ts';

export interface NetbootServiceOptions {
  /** Default: all. */
  namespace?: string;
  programs?: BootProgramsOptions;
  /** Absent: no TFTP. */
  tftp?: Omit<TftpServerOptions, 'files'>;
  /** Absent: no syslog. */
  syslog?: Omit<SyslogServerOptions, 'hardware'>;
  /** Serve boot programs over HTTP. Default true. */
  programsOverHttp?: boolean;
  /** Absent: no scripts. */
  scripts?: {
    settings: ScriptSettings;
    /** Where `auto.ipxe` is advertised, without a hardware address. */
    url: string;
    /** Machines that no Hardware describes get a script as well. Default false. */
    unknownMachines?: boolean;
  };
  /** Networks whose `X-Forwarded-For` is believed. Default: none. */
  trustedProxies?: readonly string[];
  /** Serve over HTTP what TFTP serves, under this prefix. Absent: not. */
  pxePrefix?: string;
  /** Installer files and images out of a folder. Absent: none. */
  artifacts?: { folder: string; prefix: string };
}

/** What others need to know of the service. */
export interface NetbootService {
  readonly hardware: HardwareIndex;
  readonly programs: BootPrograms;
  readonly tftp: TftpServer | undefined;
  readonly syslog: SyslogServer | undefined;
}

/**
 * Adds what machines boot from: TFTP, iPXE programs and scripts, files, and the syslog they write. DHCP comes apart.
 * @throws CaptError BOOT_PROGRAMS_MISSING, BOOT_PROGRAMS_INVALID, EMBEDDED_SCRIPT_TOO_LONG, ARTIFACTS_UNUSABLE
 */
export function addNetbootService(manager: Manager, options: NetbootServiceOptions): NetbootService {
  const cache = manager.cache(
    Hardware,
    options.namespace === undefined ? {} : { selection: { namespace: options.namespace } },
  );
  const hardware = new HardwareIndex(cache);
  const programs = readBootPrograms(options.programs);
  for (const missing of programs.missing) {
    runtimeWarning.publish({ what: 'reading boot programs', error: new Error(missing) });
  }
  const { tftp, syslog, scripts, programsOverHttp, pxePrefix, artifacts } = options;
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const files = new BootFiles({ hardware, programs, ...(scripts === undefined ? {} : { scriptUrl: scripts.url }) });
  manager.addRoutes(
    bootRoutes({
      files,
      proxies,
      ready: () => cache.hasSynced,
      ...(scripts === undefined ? {} : { scripts: new Scripts({ hardware, ...scripts }) }),
      ...(programsOverHttp === undefined ? {} : { programs: programsOverHttp }),
      ...(pxePrefix === undefined ? {} : { pxePrefix }),
    }),
  );
  if (artifacts !== undefined) {
    manager.addRoutes(fileRoutes({ folder: new Folder(artifacts.folder), prefix: artifacts.prefix, proxies }));
  }
  const tftpServer = tftp && new TftpServer({ ...tftp, files });
  const syslogServer = syslog && new SyslogServer({ ...syslog, hardware });
  for (const server of [tftpServer, syslogServer]) if (server !== undefined) manager.addService(server);
  return { hardware, programs, tftp: tftpServer, syslog: syslogServer };
}
