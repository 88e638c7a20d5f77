/**
 * What the BMC reconcilers need from a BMC, whatever protocol it speaks. A driver translates; it never retries a power
 * command by itself (the reconciler reads the state back first) and never puts a password into an error.
 */

export type PowerState = 'on' | 'off' | 'unknown';

/**
 * `off` cuts the power, `soft` asks the operating system, `cycle` is off and on again, `reset` restarts without cutting
 * the power.
 */
export type PowerAction = 'on' | 'off' | 'soft' | 'cycle' | 'reset';

export type BootDevice = 'pxe' | 'disk' | 'cdrom' | 'bios' | 'safe';

export interface BootOverride {
  device: BootDevice;
  /** Boot by UEFI rather than legacy BIOS. */
  efiBoot: boolean;
  /** For every boot until changed; else for the next one only. */
  persistent: boolean;
}

/** What the override is at the moment, as far as the BMC tells. With a `device`, one that is not active is not in force. */
export interface BootOverrideState extends Partial<BootOverride> {
  active: boolean;
}

/** A medium in a virtual drive. `kind` is `CD`, `DVD`, `Floppy` or `USBStick`. */
export interface VirtualMedium {
  kind: string;
  /** URL of the image, absent when the drive is empty. */
  url?: string;
}

/** What the machine is made of, as far as the BMC tells; sizes in bytes. */
export interface BmcInventory {
  manufacturer?: string;
  model?: string;
  serialNumber?: string;
  biosVersion?: string;
  bmcFirmwareVersion?: string;
  processors: { model?: string; cores?: number; threads?: number }[];
  memoryBytes?: number;
  drives: { model?: string; serialNumber?: string; sizeBytes?: number; rotational?: boolean }[];
  networkInterfaces: { name?: string; macAddress?: string; linkUp?: boolean }[];
}

/** Things a BMC may or may not be able to do. */
export type BmcCapability = 'power' | 'bootOverride' | 'virtualMedia' | 'inventory' | 'nmi';

export interface CallOptions {
  signal: AbortSignal;
}

/** An open connection to one BMC. Not for concurrent use: BMCs do one thing at a time. */
export interface BmcSession extends AsyncDisposable {
  /** Name of the driver, for status and messages. */
  readonly provider: string;
  readonly capabilities: ReadonlySet<BmcCapability>;
  powerState(options: CallOptions): Promise<PowerState>;
  power(action: PowerAction, options: CallOptions): Promise<void>;
  bootOverride(options: CallOptions): Promise<BootOverrideState>;
  setBootOverride(override: BootOverride, options: CallOptions): Promise<void>;
  virtualMedia(options: CallOptions): Promise<VirtualMedium[]>;
  /** Replaces what is in the drive. */
  insertMedia(medium: { kind: string; url: string }, options: CallOptions): Promise<void>;
  /** Does nothing when the drive is empty. */
  ejectMedia(kind: string, options: CallOptions): Promise<void>;
  inventory(options: CallOptions): Promise<BmcInventory>;
  /** Sends a non-maskable interrupt, to make a hung system dump itself. */
  nmi(options: CallOptions): Promise<void>;
}

export interface BmcCredentials {
  username: string;
  password: string;
}

/** Where a BMC is and how to talk to it. */
export interface BmcTarget {
  /** Host name or IP address. */
  host: string;
  /** The protocol's usual port if absent. */
  port?: number;
  credentials: BmcCredentials;
}

/** Opens connections to BMCs of one protocol. */
export interface BmcDriver<Options = unknown> {
  readonly provider: string;
  /** @throws BmcError when the BMC cannot be reached, refuses the credentials or speaks something else */
  open(target: BmcTarget, options: Options & CallOptions): Promise<BmcSession>;
}
