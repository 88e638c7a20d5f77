import type { BmcInventory } from '../port.ts';
import { Malformed } from './codec/reader.ts';
import { CommandRefused } from './command/command-refused.ts';
import { getDeviceId } from './command/device-id.ts';
import { getFruAreaInfo } from './command/fru-data.ts';
import { describeFru, type FruDescription } from './fru/description.ts';
import { type Ask, FruReader } from './fru/fru-reader.ts';

/** What IPMI tells of a machine: its name plate and the firmware of its BMC. @throws BmcError */
export async function readInventory(ask: Ask): Promise<BmcInventory> {
  const { firmwareMajor, firmwareMinor } = await ask(getDeviceId);
  return {
    ...(await readDescription(ask)),
    bmcFirmwareVersion: `${firmwareMajor}.${String(firmwareMinor).padStart(2, '0')}`,
    processors: [],
    drives: [],
    networkInterfaces: [],
  };
}

/** Empty where there is no FRU inventory, which is so on many machines and no reason to fail. */
async function readDescription(ask: Ask): Promise<FruDescription> {
  try {
    const fru = new FruReader(ask, await ask(getFruAreaInfo));
    return describeFru(await fru.areas());
  } catch (error) {
    if (error instanceof Malformed || (error instanceof CommandRefused && error.kind !== 'busy')) return {};
    throw error;
  }
}
