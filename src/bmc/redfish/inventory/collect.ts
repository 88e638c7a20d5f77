import type { BmcInventory, CallOptions } from '../../port.ts';
import type { RedfishClient, Resource } from '../client.ts';
import { numberAt, textAt } from '../json.ts';
import { linkAt, linksAt } from '../link.ts';
import type { Site } from '../site.ts';
import { driveFactsOf, simpleDriveFactsOf } from './drives.ts';
import { networkInterfaceOf } from './network-interfaces.ts';
import { readCollection, readParts } from './part.ts';
import { isAbsent, positive, processorOf } from './processors.ts';

/** What the machine is made of, as far as this BMC tells. */
export async function collectInventory(site: Site, call: CallOptions): Promise<BmcInventory> {
  const { client } = site;
  const system = await site.system(call);
  const { json } = system;
  const [manager] = await site.managers(system, call);
  const named = {
    manufacturer: textAt(json, 'Manufacturer'),
    model: textAt(json, 'Model'),
    serialNumber: textAt(json, 'SerialNumber'),
    biosVersion: textAt(json, 'BiosVersion'),
    bmcFirmwareVersion: textAt(manager?.json, 'FirmwareVersion'),
    memoryBytes: await memoryOf(client, system, call),
  };
  const processors = await readCollection(client, linkAt(json, 'Processors'), call);
  const interfaces = await readCollection(client, linkAt(json, 'EthernetInterfaces'), call);
  return {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    processors: processors.map((part) => processorOf(part.json)).filter((part) => part !== undefined),
    drives: await drivesOf(client, system, call),
    networkInterfaces: interfaces.map((part) => networkInterfaceOf(part.json)),
  };
}

/** The sum that the system gives, else that of its modules. */
async function memoryOf(client: RedfishClient, { json }: Resource, call: CallOptions): Promise<number | undefined> {
  const gibibytes = positive(numberAt(json, 'MemorySummary', 'TotalSystemMemoryGiB'));
  if (gibibytes !== undefined) return Math.round(gibibytes * 2 ** 30);
  const modules = await readCollection(client, linkAt(json, 'Memory'), call);
  const mebibytes = modules
    .filter((part) => !isAbsent(part.json))
    .reduce((sum, part) => sum + (positive(numberAt(part.json, 'CapacityMiB')) ?? 0), 0);
  return mebibytes > 0 ? mebibytes * 2 ** 20 : undefined;
}

/** The drives behind every storage controller; where there are none, what the older SimpleStorage lists. */
async function drivesOf(client: RedfishClient, { json }: Resource, call: CallOptions): Promise<BmcInventory['drives']> {
  const storages = await readCollection(client, linkAt(json, 'Storage'), call);
  const paths = new Set(storages.flatMap((storage) => linksAt(storage.json, 'Drives')));
  const drives = await readParts(client, [...paths].slice(0, 128), call);
  const facts = drives.map((drive) => driveFactsOf(drive.json)).filter((drive) => drive !== undefined);
  if (facts.length > 0) return facts;
  const simple = await readCollection(client, linkAt(json, 'SimpleStorage'), call);
  return simple.flatMap((storage) => simpleDriveFactsOf(storage.json));
}
