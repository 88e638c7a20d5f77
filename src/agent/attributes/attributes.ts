import type { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';
import type { Paths } from '../actions/action.ts';
import { readBlockDevices } from './block.ts';
import { readProcessors } from './cpu.ts';
import { readFirmware } from './firmware.ts';
import { readMemory } from './memory.ts';
import { readNetwork } from './network.ts';
import { readPci } from './pci.ts';

/** Debian's package pci.ids. */
const pciNamesFile = '/usr/share/misc/pci.ids';

/**
 * What this machine is made of, for discovery. A part that cannot be read is left out, the others are sent. `pciNames` is the
 * file with the names of PCI devices, `ethtool` the program that knows features of network cards.
 */
export async function readAttributes(
  { sys, proc }: Pick<Paths, 'sys' | 'proc'>,
  pciNames = pciNamesFile,
  ethtool = 'ethtool',
): Promise<AgentAttributes> {
  const part = async <T>(read: Promise<T>): Promise<T | undefined> => await read.catch(() => undefined);
  const [cpu, memory, block, network, pci, firmware] = await Promise.all([
    part(readProcessors(sys, proc)),
    part(readMemory(sys, proc)),
    part(readBlockDevices(sys)),
    part(readNetwork(sys, ethtool)),
    part(readPci(sys, pciNames)),
    part(readFirmware(sys, proc)),
  ]);
  return {
    cpu,
    memory,
    block: block ?? [],
    network: network ?? [],
    pci: pci?.pci ?? [],
    gpu: pci?.gpu ?? [],
    chassis: firmware?.chassis,
    bios: firmware?.bios,
    baseboard: firmware?.baseboard,
    product: firmware?.product,
  };
}
