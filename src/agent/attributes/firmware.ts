import type { Baseboard, BIOS, Chassis, Product } from '../../api/agent-protocol/workflow.generated.ts';
import { line } from './files.ts';

interface Firmware {
  chassis: Chassis;
  bios: BIOS;
  baseboard: Baseboard;
  product: Product;
}

/** What SMBIOS says of the machine; boards without it have a device tree with a model and perhaps a serial number. */
export async function readFirmware(sys: string, proc: string): Promise<Firmware> {
  const dmi = async (name: string) => await line(`${sys}/class/dmi/id/${name}`);
  const tree = async (name: string) => await line(`${proc}/device-tree/${name}`);
  return {
    chassis: { serial: await dmi('chassis_serial'), vendor: await dmi('chassis_vendor') },
    bios: { vendor: await dmi('bios_vendor'), version: await dmi('bios_version'), releaseDate: await dmi('bios_date') },
    baseboard: {
      vendor: await dmi('board_vendor'),
      product: await dmi('board_name'),
      version: await dmi('board_version'),
      serialNumber: await dmi('board_serial'),
    },
    product: {
      name: (await dmi('product_name')) || (await tree('model')),
      vendor: await dmi('sys_vendor'),
      serialNumber: (await dmi('product_serial')) || (await tree('serial-number')),
    },
  };
}
