import { endProcesses } from '../../bootstrap/process/end.ts';
import { livingRack, readRackRecord, writeRackRecord } from '../../rack/control/rack-record.ts';
import { endAbandonedNetworks } from '../../rack/qemu/network/network.ts';

/**
 * Ends the rack in this folder, and what is left of one that was killed; what runs on the network of machines in QEMU
 * ends with it. Files stay.
 * @returns whether one was running
 * @throws CaptError STOP_INCOMPLETE, RACK_NETWORK_FAILED
 */
export async function endRack(directory: string): Promise<boolean> {
  const identity = livingRack(directory);
  if (identity !== undefined) await endProcesses([{ name: 'rack', identity }]);
  const record = readRackRecord(directory);
  if (record === undefined) return false;
  if (record.qemu !== undefined) await endAbandonedNetworks(process.env);
  // One that was killed did not write down that it has ended.
  const { process: _, ...kept } = record;
  writeRackRecord(directory, kept);
  return identity !== undefined;
}
