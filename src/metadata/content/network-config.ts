import { canonicalIp } from '../../api/meta/ip-address.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Dhcp } from '../../api/tinkerbell/v1alpha1/hardware-dhcp.ts';

/** Names of the bonding modes by their number in Linux. */
const bondingModes = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
];

/**
 * Network configuration of a machine (cloud-init, version 2): the addresses that DHCP gives, written down, so that the
 * machine keeps them without DHCP; DHCP where none is known. Interfaces that share an address are the ports of a bond.
 */
export function networkConfigOf({ spec }: Hardware): object {
  const interfaces = (spec?.interfaces ?? []).flatMap(({ dhcp }) => (dhcp?.mac === undefined ? [] : [dhcp]));
  const ethernets: Record<string, object> = {};
  const bonds: Record<string, object> = {};
  const mode = bondingModes[spec?.metadata?.bonding_mode ?? 1];
  const groups = Map.groupBy(interfaces, ({ ip, mac }) => canonicalIp(ip?.address ?? '') ?? mac);
  for (const group of groups.values()) {
    const names = group.map((one) => `nic${interfaces.indexOf(one)}`);
    for (const [index, { mac = '' }] of group.entries()) {
      ethernets[names[index] ?? ''] = { match: { macaddress: mac.toLowerCase() } };
    }
    const [first] = group;
    if (first === undefined) continue;
    if (group.length === 1) ethernets[names[0] ?? ''] = { ...ethernets[names[0] ?? ''], ...addressing(first) };
    else bonds[`bond${Object.keys(bonds).length}`] = { interfaces: names, parameters: { mode }, ...addressing(first) };
  }
  return { version: 2, ethernets, ...(Object.keys(bonds).length === 0 ? {} : { bonds }) };
}

function addressing({ ip, name_servers: servers = [] }: Dhcp): object {
  const address = canonicalIp(ip?.address ?? '');
  const prefix = prefixOf(ip?.netmask ?? '');
  if (address === undefined || prefix === undefined || address.includes(':')) return { dhcp4: true };
  const gateway = canonicalIp(ip?.gateway ?? '');
  const nameservers = servers.filter((server) => canonicalIp(server) !== undefined);
  return {
    addresses: [`${address}/${prefix}`],
    ...(gateway === undefined ? {} : { routes: [{ to: '0.0.0.0/0', via: gateway }] }),
    ...(nameservers.length === 0 ? {} : { nameservers: { addresses: nameservers } }),
  };
}

/** Number of ones of a netmask; `undefined` when they do not come first. */
function prefixOf(netmask: string): number | undefined {
  if (canonicalIp(netmask) === undefined || netmask.includes(':')) return undefined;
  const bits = netmask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1+0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}
