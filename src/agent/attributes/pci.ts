import { readFile } from 'node:fs/promises';
import type { GPU, PCI } from '../../api/agent-protocol/workflow.generated.ts';
import { line, linkName, names } from './files.ts';
import { pciNames } from './pci-names.ts';

/** Base classes of the PCI Code and ID Assignment Specification. */
const classes: Readonly<Record<string, string>> = {
  '01': 'Mass storage controller',
  '02': 'Network controller',
  '03': 'Display controller',
  '04': 'Multimedia controller',
  '05': 'Memory controller',
  '06': 'Bridge',
  '07': 'Communication controller',
  '08': 'Generic system peripheral',
  '09': 'Input device controller',
  '0a': 'Docking station',
  '0b': 'Processor',
  '0c': 'Serial bus controller',
  '0d': 'Wireless controller',
  '0f': 'Satellite communications controller',
  '10': 'Encryption controller',
  '11': 'Signal processing controller',
  '12': 'Processing accelerators',
};

/**
 * PCI devices; vendor and product are what the list of names at `idsFile` calls them, or their numbers (`8086`, `1533`) where
 * there is no such list or it does not have them.
 */
export async function readPci(sys: string, idsFile: string): Promise<{ pci: PCI[]; gpu: GPU[] }> {
  const nameOf = pciNames(await readFile(idsFile, 'utf8').catch(() => ''));
  const folder = `${sys}/bus/pci/devices`;
  const devices = await Promise.all(
    (await names(folder)).map(async (name) => {
      const hex = async (field: string) => (await line(`${folder}/${name}/${field}`)).replace(/^0x/, '');
      const code = await hex('class');
      const base = code.slice(0, 2);
      const driver = await linkName(`${folder}/${name}/driver`);
      const device = {
        ...nameOf(await hex('vendor'), await hex('device')),
        class: classes[base] ?? code,
        driver,
      };
      return { device, isDisplay: base === '03' };
    }),
  );
  return {
    pci: devices.map(({ device }) => device),
    gpu: devices.filter(({ isDisplay }) => isDisplay).map(({ device }) => device),
  };
}
