import type * as z from 'zod';
import { object } from '../../schema/object.ts';
import { flag, uri } from '../../schema/scalar.ts';
import { dhcp } from './hardware-dhcp.ts';
import { netboot } from './hardware-netboot.ts';

/** One network interface of a machine. */
export const hardwareInterface = object('One network interface.', {
  disableDhcp: flag('Stay silent when this interface asks for an address.', { default: false }),
  dhcp,
  netboot,
  isoboot: object('How the interface boots from an ISO.', {
    sourceISO: uri('URL of the ISO to patch and serve for this interface.'),
  }),
});

export type HardwareInterface = z.infer<typeof hardwareInterface>;
