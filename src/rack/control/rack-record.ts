import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../bootstrap/process/atomic-file.ts';
import { isAlive, type ProcessIdentity } from '../../bootstrap/process/identity.ts';

const protocol = z.enum(['ipmi', 'redfish']);

/** What others need to know of a rack of machines in QEMU. Nothing in it is secret. */
const qemu = z.object({
  /** Name of the network namespace; gone when the rack is. */
  network: z.string(),
  /** Of the services on the network of the machines. */
  services: z.object({ address: z.string(), netmask: z.string(), prefix: z.number(), device: z.string() }),
  firmware: z.enum(['bios', 'uefi', 'mixed']),
  /** What the machines run with, and why. */
  acceleration: z.object({ acceleration: z.enum(['kvm', 'tcg']), reason: z.string() }),
  machines: z.array(
    z.object({
      name: z.string(),
      mac: z.string(),
      address: z.string(),
      bmc: z.object({ protocol, host: z.string(), port: z.number() }),
      labels: z.record(z.string(), z.string()),
      memoryMib: z.number(),
      /** Folder of its disk and logs. */
      directory: z.string(),
      serialFiles: z.array(z.string()),
    }),
  ),
});

export type QemuRackRecord = z.infer<typeof qemu>;

const record = z.object({
  /** The process that is the rack, while it runs. */
  process: z.object({ pid: z.number(), startedAt: z.string() }).exactOptional(),
  /** Ports of the BMCs of simulated machines, by machine: what was registered once stays true. */
  bmcPorts: z.array(z.number()),
  /** Name of the rack and of its machines. */
  name: z.string(),
  /** Only for machines in QEMU. */
  qemu: qemu.exactOptional(),
});

/** What is written down about a rack in its folder. */
export type RackRecord = z.infer<typeof record>;

/** Where things lie in the folder of a rack. */
export function rackLayout(directory: string) {
  return {
    record: join(directory, 'rack.json'),
    socket: join(directory, 'control.sock'),
    disks: join(directory, 'disks'),
    /** Of BMCs, which only the owner can read. */
    logins: join(directory, 'logins.json'),
    hardware: join(directory, 'hardware.csv'),
  };
}

/** `undefined` when there never was a rack in this folder. A record that makes no sense counts as none. */
export function readRackRecord(directory: string): RackRecord | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(rackLayout(directory).record, 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeRackRecord(directory: string, content: RackRecord): void {
  writeFileAtomically(rackLayout(directory).record, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** The process of the rack in this folder, if it lives. */
export function livingRack(directory: string): ProcessIdentity | undefined {
  const { process } = readRackRecord(directory) ?? {};
  return process !== undefined && isAlive(process) ? process : undefined;
}
