import { readFile } from 'node:fs/promises';
import type { Block } from '../../api/agent-protocol/workflow.generated.ts';
import { line, names, sizeText } from './files.ts';

const controllers: readonly (readonly [prefix: RegExp, controller: string])[] = [
  [/^nvme\d+n\d+$/, 'NVMe'],
  [/^(sd|sr)/, 'SCSI'],
  [/^hd/, 'IDE'],
  [/^vd/, 'virtio'],
  [/^xvd/, 'virtio'],
  [/^mmcblk\d+$/, 'MMC'],
];

/** Disks of the machine; loop, RAM, network and mapped devices are none. */
export async function readBlockDevices(sys: string): Promise<Block[]> {
  const found = await Promise.all((await names(`${sys}/block`)).map((name) => readBlockDevice(sys, name)));
  return found.filter((block) => block !== undefined);
}

async function readBlockDevice(sys: string, name: string): Promise<Block | undefined> {
  const controllerType = controllers.find(([prefix]) => prefix.test(name))?.[1];
  if (controllerType === undefined) return undefined;
  const folder = `${sys}/block/${name}`;
  const first = async (...paths: string[]) => {
    for (const path of paths) {
      const text = await line(`${folder}/${path}`);
      if (text !== '') return text;
    }
    return '';
  };
  return {
    name,
    controllerType,
    driveType: driveType(name, await first('queue/rotational')),
    // Always in sectors of 512 bytes, whatever the disk has.
    size: sizeText(Number(await first('size')) * 512),
    physicalBlockSize: sizeText(Number(await first('queue/physical_block_size'))),
    vendor: await first('device/vendor'),
    model: await first('device/model', 'device/name'),
    wwn: await first('wwid', 'device/wwid', 'device/cid'),
    serialNumber: (await first('serial', 'device/serial')) || (await serialPage(folder)),
  };
}

function driveType(name: string, rotational: string): string {
  if (name.startsWith('sr')) return 'ODD';
  if (/^x?vd/.test(name)) return 'virtual';
  if (name.startsWith('nvme') || name.startsWith('mmcblk')) return 'SSD';
  return rotational === '0' ? 'SSD' : 'HDD';
}

/** The unit serial number that SCSI and SATA disks tell (SPC: page 0x80, four bytes of header). */
async function serialPage(folder: string): Promise<string> {
  const page = await readFile(`${folder}/device/vpd_pg80`).catch(() => Buffer.alloc(0));
  return page
    .subarray(4)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim();
}
