import type * as z from 'zod';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, text } from '../../schema/scalar.ts';

/** How an interface boots over the network. */
export const netboot = object('How the interface boots over the network. Absent: it is not served at all.', {
  allowPXE: flag('Offer a boot program and a script; absent means no.', {
    writer: 'user; workflow controller with `toggleAllowNetboot`',
  }),
  allowWorkflow: flag('Kept for compatibility; nothing reads it.'),
  ipxe: object('Another iPXE script or program than the usual ones.', {
    url: text('URL of a script to go on with; http or https.'),
    contents: text('The script itself; our header comes before it.'),
    binary: text('File name of the iPXE program, in place of the one for the architecture.'),
  }),
  osie: object('Another installer than the usual one.', {
    baseURL: text('URL of the folder with kernel and initrd.'),
    kernel: text('File name of the kernel.'),
    initrd: text('File name of the initrd.'),
    kernelParams: list('More kernel arguments, after all others.', text('An argument.')),
  }),
  pxelinux: object('For clients that speak PXELINUX.', {
    config: text('Configuration file for this hardware address.'),
  }),
  rpi: object('For a Raspberry Pi, which boots by its serial number.', {
    serialNum: required(text('Serial number, the folder that the firmware asks for.')),
    firmwarePath: text('Folder with firmware files.'),
    configTxt: text('Contents of config.txt.'),
  }),
});

export type Netboot = z.infer<typeof netboot>;
