import type {
  BmcCapability,
  BmcInventory,
  BmcSession,
  BootOverride,
  BootOverrideState,
  CallOptions,
  PowerAction,
  PowerState,
  VirtualMedium,
} from '../port.ts';
import { readOverride, setOverride } from './boot/boot.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Resource } from './client.ts';
import { collectInventory } from './inventory/collect.ts';
import { ejectMedium, insertMedium, listMedia } from './media/media.ts';
import { sendNmi, switchPower } from './power/power.ts';
import { powerStateOf } from './power/power-state.ts';
import type { Site } from './site.ts';

/** One system behind one BMC over Redfish. Logs out when disposed of. */
export class RedfishSession implements BmcSession {
  readonly provider = 'redfish';
  readonly capabilities: ReadonlySet<BmcCapability>;
  readonly #site: Site;

  constructor(site: Site, system: Resource) {
    this.#site = site;
    this.capabilities = capabilitiesOf(system);
  }

  /** Whose BMC it seems to be, which decides between ways of asking. */
  get vendor(): string {
    return this.#site.vendor.name;
  }

  async powerState(options: CallOptions): Promise<PowerState> {
    return powerStateOf((await this.#site.system(options)).json);
  }

  power(action: PowerAction, options: CallOptions): Promise<void> {
    return switchPower(this.#site, action, options);
  }

  bootOverride(options: CallOptions): Promise<BootOverrideState> {
    return readOverride(this.#site, options);
  }

  /** @throws BmcError `rejected` when the BMC says that it took it, and reading back shows that it did not */
  setBootOverride(override: BootOverride, options: CallOptions): Promise<void> {
    return setOverride(this.#site, override, options);
  }

  virtualMedia(options: CallOptions): Promise<VirtualMedium[]> {
    return listMedia(this.#site, options);
  }

  /** @throws BmcError `rejected` when the drive stays empty */
  insertMedia({ kind, url }: { kind: string; url: string }, options: CallOptions): Promise<void> {
    return insertMedium(this.#site, kind, url, options);
  }

  ejectMedia(kind: string, options: CallOptions): Promise<void> {
    return ejectMedium(this.#site, kind, options);
  }

  inventory(options: CallOptions): Promise<BmcInventory> {
    return collectInventory(this.#site, options);
  }

  nmi(options: CallOptions): Promise<void> {
    return sendNmi(this.#site, options);
  }

  /** Always tries to log out, for a short while: BMCs have room for few sessions. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#site.client.close();
  }
}
