import type { BootDevice, PowerAction } from '../../port.ts';

/** Properties of InsertMedia besides `Image` (DSP2046 VirtualMedia). */
export type InsertProperty = 'Inserted' | 'WriteProtected' | 'TransferProtocolType' | 'TransferMethod';

/** Attributes of a manager that choose the boot device where the standard way does not. */
export interface BootAttributes {
  /** Keys on the way from the Manager to the link, or list of links, of the attributes. */
  links: readonly (readonly string[])[];
  device: string;
  /** What `device` is while there is no override. */
  none: string;
  values: Readonly<Partial<Record<BootDevice, string>>>;
  once: string;
  onceValues: { once: string; always: string };
}

/** In what the BMCs of a vendor differ from the standard, or from what most others do. */
export interface Vendor {
  readonly name: string;
  /** What `Manufacturer` of the system or `Vendor` of the service root says. */
  readonly manufacturer: RegExp;
  /** Keys below `Oem`. */
  readonly oemKeys: readonly string[];
  /** `BootSourceOverrideTarget` to use, best first, where it is not the usual one. */
  readonly bootTargets: Readonly<Partial<Record<BootDevice, readonly string[]>>>;
  /** Whether `BootSourceOverrideMode` can be written. */
  readonly sendsBootMode: boolean;
  readonly bootAttributes: BootAttributes | undefined;
  readonly sendsIfMatch: boolean;
  /** `ResetType` to use, best first, where it is not the usual one. */
  readonly resetTypes: Readonly<Partial<Record<PowerAction, readonly string[]>>>;
  /** What to send along with `Image`, to an action and in a PATCH. */
  readonly insertProperties: { action: readonly InsertProperty[]; patch: readonly InsertProperty[] };
  /** Ids of virtual drives that never take a URL. */
  readonly deafDrives: RegExp | undefined;
}
