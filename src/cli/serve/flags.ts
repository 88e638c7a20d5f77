import { type Command, InvalidArgumentError, Option } from 'commander';
import { electionTimes } from '../../kube/manager/election-times.ts';
import { allowFlag, denyFlag, splitRules } from '../../workflow/references/rule-flags.ts';
import { parseAddress, parsePort } from '../kubernetes/context.ts';
import { type MetadataFlags, metadataOptions } from './metadata-flags.ts';
import { type NetbootFlags, netbootOptions } from './netboot-flags.ts';
import {
  type HostPort,
  parseBoolean,
  parseCount,
  parseDuration,
  parseHostPort,
  parsePositiveDuration,
} from './parse.ts';
import { type ProviderFlags, providerOptions } from './provider-flags.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

/** What `capt serve` is told, with defaults filled in. */
export interface ServeFlags extends NetbootFlags, MetadataFlags, ProviderFlags {
  services: ServiceName[];
  backendKubeConfig?: string;
  backendKubeNamespace?: string;
  leaderElection: boolean;
  leaderElectionNamespace: string;
  leaderElectLeaseDuration: number;
  leaderElectRenewDeadline: number;
  leaderElectRetryPeriod: number;
  healthAddr?: HostPort;
  metricsBindAddr?: HostPort;
  bindAddress: string;
  httpPort: number;
  tinkServerBindAddr?: string;
  tinkServerBindPort: number;
  tlsCertFile?: string;
  tlsKeyFile?: string;
  tlsClientCaFile?: string;
  tinkControllerMaxConcurrentReconciles: number;
  tinkControllerReferenceAllowListRules: string[];
  tinkControllerReferenceDenyListRules: string[];
  rufioMaxConcurrentReconciles: number;
  /** Durations are in seconds. */
  rufioPowerCheckInterval: number;
  rufioInventoryRefreshInterval: number;
  rufioEnableInventoryCollection: boolean;
  rufioBmcConnectTimeout: number;
  rufioCrossNamespaceSecrets: boolean;
  logLevel: string;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error'];

/** Adds the flags to `command`. Names, environment variables and ports are the original's where it has them. */
export function addServeFlags(command: Command): Command {
  const options = [
    new Option('--services <names>', `which services, of ${serviceNames.join(', ')}`)
      .argParser(parseServices)
      .default([...serviceNames], 'all'),
    new Option('--kubeconfig, --backend-kube-config <file>', 'kubeconfig (default: that of the pod)'),
    new Option('--namespace, --backend-kube-namespace <namespace>', 'look at this namespace only (default: all)'),
    new Option('--leader-elect, --leader-election [boolean]', 'only one of several replicas acts')
      .argParser(parseBoolean)
      .preset('true')
      .default(false),
    new Option('--leader-election-namespace <namespace>', 'where its Lease is').default('default'),
    ...electionOptions(),
    new Option(
      '--health-addr <address>',
      'a further host:port for health checks and metrics, as CAPT has it',
    ).argParser(parseHostPort),
    new Option('--metrics-bind-addr <address>', 'likewise').argParser(parseHostPort),
    new Option('--bind-address <address>', 'IP address that every service listens on')
      .argParser(parseAddress)
      .default('0.0.0.0'),
    new Option('--http-port <port>', 'port of health checks, metrics, scripts and files')
      .argParser(parsePort)
      .default(7080),
    new Option(
      '--tink-server-bind-addr <address>',
      "IP address of the agents' gRPC API (default: --bind-address)",
    ).argParser(parseAddress),
    new Option('--tink-server-bind-port <port>', "port of the agents' gRPC API").argParser(parsePort).default(42_113),
    new Option('--tls-cert-file <file>', 'certificate of the gRPC API (default: no TLS)'),
    new Option('--tls-key-file <file>', 'key of that certificate'),
    new Option('--tls-client-ca-file <file>', 'serve only agents whose certificate this authority has signed'),
    new Option('--tink-controller-max-concurrent-reconciles <n>', 'Workflows at a time')
      .argParser(parseCount)
      .default(10),
    rules(allowFlag, 'patterns of what spec.references of Hardware may name; nothing else is read, with | in between'),
    rules(denyFlag, 'patterns of what is not read even so'),
    ...bmcOptions(),
    ...netbootOptions(),
    ...metadataOptions(),
    ...providerOptions(),
    new Option('--log-level <level>', 'how much to log').choices(levels).default('info'),
  ];
  for (const option of options) command.addOption(option.env(variableOf(option)));
  return command;
}

function electionOptions(): Option[] {
  const { leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds } = electionTimes;
  const option = (name: string, description: string, seconds: number) =>
    new Option(`--leader-elect-${name} <duration>`, description)
      .argParser(parsePositiveDuration)
      .default(seconds, `${seconds}s`);
  return [
    option('lease-duration', 'a leader that is silent for so long is replaced', leaseDurationSeconds),
    option('renew-deadline', 'a leader that cannot renew for so long gives up', renewDeadlineSeconds),
    option('retry-period', 'between two renewals', retryPeriodSeconds),
  ];
}

/** Rules that stand in one text, in several flags, or both. */
function rules(flag: string, description: string): Option {
  return new Option(`${flag} <patterns>`, description)
    .argParser((text, earlier: readonly string[]) => [...earlier, ...splitRules(text)])
    .default([], 'none');
}

function bmcOptions(): Option[] {
  return [
    new Option('--rufio-max-concurrent-reconciles <n>', 'BMCs spoken to at the same time')
      .argParser(parseCount)
      .default(32),
    new Option('--rufio-power-check-interval <duration>', 'how often the power of every machine is read')
      .argParser(parseDuration)
      .default(1800, '30m'),
    new Option('--rufio-inventory-refresh-interval <duration>', 'how often what a machine is made of is read')
      .argParser(parseDuration)
      .default(86_400, '24h'),
    new Option('--rufio-enable-inventory-collection [boolean]', 'read what machines are made of')
      .argParser(parseBoolean)
      .preset('true')
      .default(true),
    new Option('--rufio-bmc-connect-timeout <duration>', 'for logging in to a BMC, all protocols together')
      .argParser(parsePositiveDuration)
      .default(60, '1m'),
    new Option('--rufio-cross-namespace-secrets [boolean]', 'accept logins of BMCs from other namespaces')
      .argParser(parseBoolean)
      .preset('true')
      .default(true),
  ];
}

/** `TINKERBELL_` and the flag's first name in upper case. */
function variableOf(option: Option): string {
  const name = option.long?.replace(/^--/, '') ?? '';
  return `TINKERBELL_${name.toUpperCase().replaceAll('-', '_')}`;
}

function parseServices(text: string): ServiceName[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !(serviceNames as readonly string[]).includes(name));
  if (names.length === 0 || unknown.length > 0) {
    throw new InvalidArgumentError(
      `There is no service ${unknown.join(', ') || '(none named)'}; there are ${serviceNames.join(', ')}.`,
    );
  }
  return names as ServiceName[];
}
