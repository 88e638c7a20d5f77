import { collection, type JsonObject, link, resource } from '../json.ts';
import type { VirtualSystem } from '../machine.ts';
import type { Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';

const enabled = { State: 'Enabled', Health: 'OK' };

/** What a system is made of: two processors, memory, drives, network interfaces. */
export function addParts(tree: Tree, { path, id }: VirtualSystem, { profile }: VirtualRedfishBmcSettings): void {
  const serve = (folder: string, type: string, parts: Record<string, JsonObject>) => {
    const base = `${path}/${folder}`;
    tree.set(base, {
      get: () =>
        collection(
          base,
          type.split('.')[0] ?? type,
          Object.keys(parts).map((part) => `${base}/${part}`),
        ),
    });
    for (const [part, properties] of Object.entries(parts)) {
      tree.set(`${base}/${part}`, { get: () => resource(`${base}/${part}`, type, part, part, properties) });
    }
  };
  const processor = {
    ProcessorType: 'CPU',
    Model: 'Virtual CPU @ 2.40GHz',
    TotalCores: 16,
    TotalThreads: 32,
    Status: enabled,
  };
  serve('Processors', 'Processor.v1_11_0.Processor', {
    CPU1: processor,
    CPU2: processor,
    CPU3: { ProcessorType: 'CPU', Status: { State: 'Absent' } },
    GPU1: { ProcessorType: 'GPU', Model: 'Virtual GPU', Status: enabled },
  });
  serve('Memory', 'Memory.v1_11_0.Memory', {
    DIMM1: { CapacityMiB: 32768, Status: enabled },
    DIMM2: { CapacityMiB: 32768, Status: enabled },
  });
  serve('EthernetInterfaces', 'EthernetInterface.v1_6_3.EthernetInterface', {
    NIC1: { MACAddress: macAddress(id, 1), LinkStatus: 'LinkUp', Status: enabled },
    NIC2: { MACAddress: macAddress(id, 2), LinkStatus: 'NoLink', Status: enabled },
  });
  const drives = {
    Disk0: {
      Model: 'VIRTUAL SSD',
      SerialNumber: 'S1',
      CapacityBytes: 480_103_981_056,
      MediaType: 'SSD',
      Status: enabled,
    },
    Disk1: {
      Model: 'VIRTUAL HDD',
      SerialNumber: 'H1',
      CapacityBytes: 4_000_787_030_016,
      MediaType: 'HDD',
      Status: enabled,
    },
  };
  if (profile.storage === 'SimpleStorage') {
    const devices = Object.entries(drives).map(([Name, drive]) => ({ Name, ...drive }));
    serve('SimpleStorage', 'SimpleStorage.v1_3_0.SimpleStorage', { '1': { Devices: devices } });
    return;
  }
  const controller = `${path}/Storage/AHCI`;
  serve('Storage', 'Storage.v1_10_0.Storage', {
    AHCI: { Drives: Object.keys(drives).map((drive) => link(`${controller}/Drives/${drive}`)) },
  });
  for (const [name, drive] of Object.entries(drives)) {
    const at = `${controller}/Drives/${name}`;
    tree.set(at, { get: () => resource(at, 'Drive.v1_11_0.Drive', name, name, drive) });
  }
}

/** An address of ours alone (locally administered) that depends on the system. */
function macAddress(id: string, index: number): string {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 0xffffff, 7);
  const bytes = [0x02, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255, 0, index];
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(':');
}
