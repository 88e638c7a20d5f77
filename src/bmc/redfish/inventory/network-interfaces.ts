import type { BmcInventory } from '../../port.ts';
import { textAt } from '../json.ts';

type NetworkInterface = BmcInventory['networkInterfaces'][number];

const links: Readonly<Record<string, boolean>> = {
  linkup: true,
  linkdown: false,
  nolink: false,
  up: true,
  down: false,
};

/** An EthernetInterface resource (DSP2046 EthernetInterface), its address in lower case with colons. */
export function networkInterfaceOf(json: unknown): NetworkInterface {
  const name = textAt(json, 'Id') ?? textAt(json, 'Name');
  const macAddress = macOf(textAt(json, 'PermanentMACAddress')) ?? macOf(textAt(json, 'MACAddress'));
  const status = textAt(json, 'LinkStatus')?.toLowerCase() ?? '';
  const linkUp = Object.hasOwn(links, status) ? links[status] : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(macAddress === undefined ? {} : { macAddress }),
    ...(linkUp === undefined ? {} : { linkUp }),
  };
}

function macOf(text: string | undefined): string | undefined {
  const digits = text?.toLowerCase().replace(/[:.-]/g, '') ?? '';
  if (!/^[0-9a-f]{12}$/.test(digits) || digits === '000000000000') return undefined;
  return digits.match(/../g)?.join(':');
}
