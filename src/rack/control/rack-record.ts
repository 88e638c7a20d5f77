import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../bootstrap/local/process/atomic-file.ts';
import { isAlive, type ProcessIdentity } from '../../bootstrap/local/process/identity.ts';

const record = z.object({
  /** The process that is the rack, while it runs. */
  process: z.object({ pid: z.number(), startedAt: z.string() }).exactOptional(),
  /** Ports of the BMCs, by machine: what was registered once stays true. */
  bmcPorts: z.array(z.number()),
  /** Name of the rack and of its machines. */
  name: z.string(),
});

/** What is written down about a rack in its folder. */
export type RackRecord = z.infer<typeof record>;

/** Where things lie in the folder of a rack. */
export function rackLayout(directory: string) {
  return {
    record: join(directory, 'rack.json'),
    socket: join(directory, 'control.sock'),
    disks: join(directory, 'disks'),
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
