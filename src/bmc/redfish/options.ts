/** How to talk to one BMC over Redfish. */
export interface RedfishOptions {
  /** Accept any certificate. Default false. */
  insecureTLS?: boolean;
  /** Certificates (PEM) of the authorities to trust, instead of those that the system trusts. */
  caCertificates?: string;
  /** The name that the BMC's certificate bears, where that is not its host. */
  tlsServerName?: string;
  /** Also speak TLS 1.0 and 1.1, with the weak keys and ciphers of their time. Default false. */
  oldTLS?: boolean;
  /** `http` sends the password in the clear: for tests only. Default `https`. */
  scheme?: 'https' | 'http';
  /** Send name and password with every request instead of opening a session. Default false. */
  useBasicAuth?: boolean;
  /** Id, name or UUID of the system to act on. Needed when the BMC serves several. */
  systemName?: string;
  /** Set a boot device for the next boot only, even where it is wanted for good. Default false. */
  neverPersistBootDevice?: boolean;
  /** Deadline of one request, in seconds. Default 30. */
  requestTimeoutSeconds?: number;
  /** Deadline of connecting, in seconds. Default 10. */
  connectTimeoutSeconds?: number;
  /** How long to wait for a task of the BMC, in seconds. Default 120. */
  taskTimeoutSeconds?: number;
  /** Pause between two looks at a task that names none, in seconds. Default 1. */
  taskPollSeconds?: number;
  /** How long what was written may take to show when it is read back, in seconds. Default 10. */
  settleTimeoutSeconds?: number;
  /** Pause between two looks when reading back, in seconds. Default 1. */
  settlePollSeconds?: number;
  /** Deadline of the farewell, in seconds. Default 5. */
  closeTimeoutSeconds?: number;
  /** Largest answer, in MiB. Default 4. */
  bodyLimitMebibytes?: number;
}

type Choices = 'caCertificates' | 'tlsServerName' | 'systemName';
export type RedfishSettings = Required<Omit<RedfishOptions, Choices>> & Pick<RedfishOptions, Choices>;

const defaults: RedfishSettings = {
  insecureTLS: false,
  oldTLS: false,
  scheme: 'https',
  useBasicAuth: false,
  neverPersistBootDevice: false,
  requestTimeoutSeconds: 30,
  connectTimeoutSeconds: 10,
  taskTimeoutSeconds: 120,
  taskPollSeconds: 1,
  settleTimeoutSeconds: 10,
  settlePollSeconds: 1,
  closeTimeoutSeconds: 5,
  bodyLimitMebibytes: 4,
};

/** Fills in the defaults. */
export function settingsOf(options: RedfishOptions): RedfishSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
