/** What every script says; the same for all machines. */
export interface ScriptSettings {
  /** Where kernel and initrd are, without a slash at the end. */
  osieUrl: string;
  /** Kernel file is `<kernelName>-<arch>`. Default `vmlinuz`. */
  kernelName?: string;
  /** Initrd file is `<initrdName>-<arch>`. Default `initramfs`. */
  initrdName?: string;
  /** Each of kernel, initrd and boot is tried once and then so often again. Default 1. */
  retries?: number;
  /** Between two tries. Default 1. */
  retryDelaySeconds?: number;
  /** Name or IP address that machines send syslog to; absent: they send none. */
  syslogHost?: string;
  /** `host:port` of the agents' gRPC API. */
  grpcAuthority: string;
  /** Agents speak TLS to it. */
  grpcTls?: boolean;
  /** Agents do not verify its certificate. */
  grpcInsecureTls?: boolean;
  /** After our kernel arguments, before those of the Hardware. */
  extraKernelArgs?: readonly string[];
}
