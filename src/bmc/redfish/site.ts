import type { CallOptions } from '../port.ts';
import type { RedfishClient, Resource } from './client.ts';
import { memberPaths, members } from './collection.ts';
import { type Json, objectOf, textAt } from './json.ts';
import { linkAt, linksAt } from './link.ts';
import { chooseSystem } from './system-choice.ts';
import { vendorOf } from './vendor/choose.ts';
import type { Vendor } from './vendor/vendor.ts';

/** Where things are on one BMC: found by links, since no path but that of the service root is fixed (DSP0266 §6.2). */
export class Site {
  readonly client: RedfishClient;
  readonly vendor: Vendor;
  readonly #systemPath: string;
  readonly #managersPath: string | undefined;
  #managerPaths: readonly string[] | undefined;

  private constructor(client: RedfishClient, root: Json, system: Resource) {
    this.client = client;
    this.#systemPath = system.path;
    this.#managersPath = linkAt(root, 'Managers');
    this.vendor = vendorOf({
      oemKeys: [...Object.keys(objectOf(system.json['Oem'])), ...Object.keys(objectOf(root['Oem']))],
      manufacturers: [textAt(system.json, 'Manufacturer'), textAt(root, 'Vendor'), textAt(root, 'Product')].filter(
        (text) => text !== undefined,
      ),
    });
  }

  /** @throws BmcError `rejected` when it is not clear which system is meant */
  static async find(client: RedfishClient, root: Json, call: CallOptions): Promise<{ site: Site; system: Resource }> {
    const systems = linkAt(root, 'Systems');
    if (systems === undefined) throw client.peer.error('unsupported', 'the service root has no Systems');
    const chosen = chooseSystem(await members(client, systems, call), client.settings.systemName);
    if (typeof chosen === 'string') throw client.peer.error('rejected', chosen);
    return { site: new Site(client, root, chosen), system: chosen };
  }

  /** The system as it is now. */
  system(call: CallOptions): Promise<Resource> {
    return this.client.get(this.#systemPath, call);
  }

  /** The managers of the system: of several in one enclosure, those that the system names. */
  async managers(system: Resource, call: CallOptions): Promise<Resource[]> {
    this.#managerPaths ??= await this.#findManagers(system, call);
    const managers: Resource[] = [];
    for (const path of this.#managerPaths) managers.push(await this.client.get(path, call));
    return managers;
  }

  async #findManagers(system: Resource, call: CallOptions): Promise<string[]> {
    const own = linksAt(system.json, 'Links', 'ManagedBy');
    if (own.length > 0 || this.#managersPath === undefined) return own;
    return await memberPaths(this.client, this.#managersPath, call);
  }
}
