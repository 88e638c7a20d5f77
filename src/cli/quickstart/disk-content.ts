import { join } from 'node:path';
import { firstSign, partitionStarts } from '../../bootstrap/quickstart/disk-signs.ts';
import { ControlClient } from '../../rack/control/control-client.ts';
import { rackLayout, readRackRecord } from '../../rack/control/rack-record.ts';

/** Where partitions begin on the disks of a rack of emulated machines, by machine: known only while they are there. */
export async function partitionsOf(directory: string): Promise<Map<string, number[]>> {
  const result = new Map<string, number[]>();
  for (const { name, directory: folder } of readRackRecord(directory)?.qemu?.machines ?? []) {
    result.set(name, await partitionStarts(diskOf(folder)));
  }
  return result;
}

/**
 * What is on the disk of a machine of a rack, seen past the machine: something that a wipe would have cleared, or nothing.
 * @param partitions from before
 */
export async function findData(
  directory: string,
  machine: string,
  partitions: ReadonlyMap<string, number[]>,
): Promise<string | undefined> {
  const emulated = readRackRecord(directory)?.qemu?.machines.find(({ name }) => name === machine);
  if (emulated !== undefined) return await firstSign(diskOf(emulated.directory), partitions.get(machine) ?? []);
  const views = await new ControlClient(rackLayout(directory).socket).machines();
  const image = views.find(({ name }) => name === machine)?.image;
  return image === undefined ? undefined : `the image ${image}`;
}

function diskOf(folder: string): string {
  return join(folder, 'disk0.img');
}
