import type { Hardware as HardwareObject } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../kube/client/client.ts';

/** What a machine gets to know about itself on its first boot. */
export interface FirstBoot {
  hostname: string;
  addresses: string[];
  userData: string;
}

/** What a machine finds on its network; all it can say of itself is its hardware address. */
export interface Site {
  /** Whether the network boot answers it. */
  mayNetboot(mac: string, signal: AbortSignal): Promise<boolean>;
  /** What the metadata service tells it; `undefined` while there is no user-data for it. */
  firstBoot(mac: string, signal: AbortSignal): Promise<FirstBoot | undefined>;
}

/** Stands in for network boot and metadata: answers from the Hardware that has the hardware address, and from nothing else. */
export class HardwareSite implements Site {
  readonly #client: Client;
  readonly #namespace: string | undefined;

  /** Looks at all namespaces unless one is named. */
  constructor(client: Client, namespace?: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async mayNetboot(mac: string, signal: AbortSignal): Promise<boolean> {
    const found = await this.#find(mac, signal);
    return interfaceOf(found, mac)?.netboot?.allowPXE === true;
  }

  async firstBoot(mac: string, signal: AbortSignal): Promise<FirstBoot | undefined> {
    const hardware = await this.#find(mac, signal);
    const userData = hardware?.spec?.userData;
    if (hardware === undefined || userData === undefined) return undefined;
    const { ip, hostname } = interfaceOf(hardware, mac)?.dhcp ?? {};
    return {
      hostname: hardware.spec?.metadata?.instance?.hostname || hostname || (hardware.metadata.name ?? ''),
      addresses: ip?.address === undefined ? [] : [ip.address],
      userData,
    };
  }

  async #find(mac: string, signal: AbortSignal): Promise<HardwareObject | undefined> {
    const namespace = this.#namespace === undefined ? {} : { namespace: this.#namespace };
    const { items } = await this.#client.list(Hardware, { ...namespace, signal });
    return items.find((hardware) => interfaceOf(hardware, mac) !== undefined);
  }
}

function interfaceOf(hardware: HardwareObject | undefined, mac: string) {
  return hardware?.spec?.interfaces?.find(({ dhcp }) => dhcp?.mac?.toLowerCase() === mac);
}
