/** One thing the agent is told, and every way to tell it. */
export interface Setting {
  /** Flag without dashes; its environment variable is `AGENT_` and this in upper case. */
  readonly flag: string;
  /** For `--help`: one line. */
  readonly what: string;
  /** Shown as the argument of the flag; absent: true or false. */
  readonly argument?: string;
  /** Flags of older agents. */
  readonly olderFlags?: readonly string[];
  /** Environment of older agents: wins over everything else, later ones over earlier ones. */
  readonly olderVariables?: readonly string[];
  /** Kernel arguments: count when nothing else is said, earlier ones before later ones. */
  readonly kernel?: readonly string[];
  readonly default?: string;
  /** Kept out of logs. */
  readonly secret?: boolean;
  /** Taken so that command lines of the original work, without any effect. */
  readonly ignored?: boolean;
  readonly check?: (value: string) => string | undefined;
}

const seconds = (value: string) =>
  durationSeconds(value) === undefined ? `is "${value}", but must be a time such as 5s or 500ms` : undefined;

const oneOf =
  (...names: string[]) =>
  (value: string) =>
    names.includes(value.toLowerCase()) ? undefined : `is "${value}", but must be ${names.join(', ')}`;

/** Names and precedence are the original's: older variables, flags, variables; then kernel arguments, then defaults. */
export const settings = {
  id: {
    flag: 'id',
    what: 'identity of this agent: the hardware address of the machine',
    argument: 'id',
    olderVariables: ['ID', 'WORKER_ID'],
    kernel: ['worker_id', 'hw_addr'],
    check: (value) => (value.length > 256 ? 'is longer than 256 characters' : undefined),
  },
  server: {
    flag: 'grpc-server',
    what: 'the agent API',
    argument: 'host:port',
    olderFlags: ['tinkerbell-grpc-authority'],
    olderVariables: ['TINKERBELL_GRPC_AUTHORITY'],
    kernel: ['grpc_authority'],
    check: (value) =>
      /^(\[[0-9a-f:.%]+\]|[^\s:/[\]]+):\d{1,5}$/i.test(value) ? undefined : `is "${value}", but must be host:port`,
  },
  tls: {
    flag: 'grpc-tls',
    what: 'speak TLS to it',
    olderFlags: ['tinkerbell-tls'],
    olderVariables: ['TINKERBELL_TLS'],
    kernel: ['tinkerbell_tls'],
    default: 'false',
  },
  insecureTls: {
    flag: 'grpc-insecure-tls',
    what: 'take any certificate from it',
    olderFlags: ['tinkerbell-insecure-tls'],
    olderVariables: ['TINKERBELL_INSECURE_TLS'],
    kernel: ['tinkerbell_insecure_tls'],
    default: 'false',
  },
  caFile: { flag: 'grpc-ca-file', what: 'certificate authorities to trust, PEM', argument: 'file' },
  certificateFile: { flag: 'grpc-cert-file', what: 'certificate that this agent shows, PEM', argument: 'file' },
  keyFile: { flag: 'grpc-key-file', what: 'key of that certificate, PEM', argument: 'file' },
  attributes: { flag: 'attribute-detection', what: 'tell the server what hardware this is', default: 'true' },
  backoffMax: {
    flag: 'backoff-max-interval',
    what: 'longest wait between two questions',
    argument: 'time',
    default: '5s',
    check: seconds,
  },
  stateFile: {
    flag: 'state-file',
    what: 'what the agent is busy with; has to outlive the agent, not the machine',
    argument: 'file',
    default: '/run/capt/agent.json',
    check: (value) => (value.startsWith('/') ? undefined : `is "${value}", but must begin with /`),
  },
  logLevel: {
    flag: 'log-level',
    what: 'debug, info, warn or error; a number as in the original',
    argument: 'level',
    default: 'info',
    check: (value) => (/^-?\d+$/.test(value) ? undefined : oneOf('debug', 'info', 'warn', 'error')(value)),
  },
  transport: { flag: 'transport', what: 'grpc', argument: 'name', default: 'grpc', check: oneOf('grpc') },
  runtime: { flag: 'runtime', what: 'actions are native', argument: 'name', default: 'native', ignored: true },
  grpcRetryInterval: { flag: 'grpc-retry-interval', what: 'see backoff-max-interval', argument: 'time', ignored: true },
  registryName: {
    flag: 'registry-name',
    what: 'registry that user and password are for',
    argument: 'host',
    olderFlags: ['docker-registry'],
    olderVariables: ['DOCKER_REGISTRY'],
    kernel: ['docker_registry'],
  },
  registryUser: {
    flag: 'registry-user',
    what: 'user there',
    argument: 'name',
    olderFlags: ['registry-username'],
    olderVariables: ['REGISTRY_USERNAME'],
    kernel: ['registry_username'],
  },
  registryPassword: {
    flag: 'registry-pass',
    what: 'password there; better given by AGENT_REGISTRY_PASS than by flag or kernel argument',
    argument: 'password',
    olderFlags: ['registry-password'],
    olderVariables: ['REGISTRY_PASSWORD'],
    kernel: ['registry_password'],
    secret: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** `5s`, `1m30s`, `500ms`, `0.5s`, as Go writes durations. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(\d{1,9}(\.\d{1,9})?(ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? ''] ?? 0),
    0,
  );
}
