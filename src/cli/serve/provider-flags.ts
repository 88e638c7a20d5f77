import { InvalidArgumentError, Option } from 'commander';
import { parseAddress, parsePort } from '../kubernetes/context.ts';
import { parseCount, parseDuration, parsePositiveDuration } from './parse.ts';

/** What `capt serve` is told of the Cluster API provider, with defaults filled in; durations are in seconds. */
export interface ProviderFlags {
  watchFilter?: string;
  externalKubeconfig?: string;
  externalWatchNamespace?: string;
  syncPeriod: number;
  tinkerbellmachineConcurrency: number;
  tinkerbellclusterConcurrency: number;
  provisionAttempts: number;
  provisionRetryInterval: number;
  provisionAgentWaitLimit: number;
  releaseTimeout: number;
  wipe: 'None' | 'Quick' | 'Full';
  wipeImage: string;
  metadataUrl: string[];
  osTemplateDirectory?: string;
  actionRegistry: string;
  webhookPort: number;
  webhookHost?: string;
  webhookCertDir?: string;
}

/** The flags of the provider. Names are those of CAPT where it has them; all of them work. */
export function providerOptions(): Option[] {
  return [
    new Option(
      '--watch-filter <value>',
      'only TinkerbellMachines labelled cluster.x-k8s.io/watch-filter with this value',
    ),
    new Option(
      '--external-kubeconfig <file>',
      "kubeconfig of another cluster with Tinkerbell's objects (default: external-tinkerbell/kubeconfig among the secrets of the pod, if it is there)",
    ),
    new Option('--external-watch-namespace <namespace>', 'look at this namespace only there (default: all)'),
    duration('--sync-period <duration>', 'longest time between two looks at a machine or cluster', 600, '10m'),
    count('--tinkerbellmachine-concurrency <n>', 'TinkerbellMachines worked on at the same time', 10),
    count('--tinkerbellcluster-concurrency <n>', 'TinkerbellClusters worked on at the same time', 10),
    count('--provision-attempts <n>', 'how often an installation is tried before its machine has failed', 3),
    duration('--provision-retry-interval <duration>', 'wait before the second attempt; doubled each time', 30, '30s'),
    new Option(
      '--provision-agent-wait-limit <duration>',
      'how long a host may take to boot the installer before the attempt has failed; 0 for ever',
    )
      .argParser(parseDuration)
      .default(1800, '30m'),
    duration('--release-timeout <duration>', 'how long a release may take before the host is set aside', 1200, '20m'),
    new Option('--wipe <policy>', 'what a release wipes where the machine does not say')
      .choices(['None', 'Quick', 'Full'])
      .default('Quick'),
    new Option('--wipe-image <image>', 'image of the wipe action').default('capt/wipe'),
    new Option('--metadata-url <urls>', 'where machines find metadata, for the OS templates; several with commas')
      .argParser(parseUrls)
      .default([], 'http://<advertised address>:<--http-port>'),
    new Option('--os-template-directory <folder>', 'other OS templates than ours (<distro>.hbs, partials/)'),
    new Option('--action-registry <prefix>', 'registry and folder of the actions in OS templates').default(
      'quay.io/tinkerbell/actions',
    ),
    new Option('--webhook-port <port>', 'port of the admission webhooks').argParser(parsePort).default(9443),
    new Option('--webhook-host <address>', 'IP address they listen on (default: all)').argParser(parseAddress),
    new Option(
      '--webhook-cert-dir <folder>',
      'tls.crt and tls.key of the webhooks (default: k8s-webhook-server/serving-certs in the temporary folder; off without)',
    ),
  ];
}

function duration(flags: string, description: string, seconds: number, shown: string): Option {
  return new Option(flags, description).argParser(parsePositiveDuration).default(seconds, shown);
}

function count(flags: string, description: string, value: number): Option {
  return new Option(flags, description).argParser(parseCount).default(value);
}

function parseUrls(text: string): string[] {
  const urls = text.split(',').map((part) => part.trim().replace(/\/$/, ''));
  const wrong = urls.filter((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (wrong.length === 0) return urls;
  throw new InvalidArgumentError(`${wrong.join(', ')} is no URL; write http://192.0.2.1:7080.`);
}
