import type { HardwareInterface } from '../../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import { broadcastOf, type Ipv4, isNetmask, parseIpv4 } from '../codec/ipv4.ts';
import { type DhcpOption, optionCode } from '../codec/option.ts';
import {
  addressesOption,
  type ClasslessRoute,
  classlessRoutesOption,
  domainNamesOption,
  textOption,
  uint32Option,
} from '../codec/option-value.ts';

/** What the Hardware says for one interface, read once for as long as the object stays the same. */
export interface Lease {
  /** `undefined` when there is none that IPv4 clients can have; `problems` may say why. */
  readonly address: Ipv4 | undefined;
  /** Options that every client of the address gets, without the lease time. */
  readonly options: readonly DhcpOption[];
  /** Option 51. */
  readonly time: DhcpOption;
  /** Options 66 and 67 of a boot program of somebody else; ours is then not offered. */
  readonly foreignBoot: { readonly server: string; readonly file: string } | undefined;
  /** Why the interface gets no answer, one a fault; fields as in the Hardware. Empty when it can. */
  readonly problems: readonly string[];
  /** What is left out of the answer, one an entry. */
  readonly omitted: readonly string[];
}

/** A week, for when the Hardware names no time that fits into option 51. */
const defaultLeaseSeconds = 604_800;
const maxUint32 = 0xffffffff;
const maxTextBytes = 255;

type DhcpData = NonNullable<HardwareInterface['dhcp']>;

const read = new WeakMap<HardwareInterface, Lease>();

/** The lease of an interface; objects of a cache never change, so it is computed once for each. */
export function leaseOf(one: HardwareInterface): Lease {
  let lease = read.get(one);
  if (lease === undefined) {
    lease = readLease(one);
    read.set(one, lease);
  }
  return lease;
}

function readLease({ dhcp = {} }: HardwareInterface): Lease {
  const problems: string[] = [];
  const omitted: string[] = [];
  const options: DhcpOption[] = [];
  const address = readAddress(dhcp, options, problems);
  addLists(dhcp, options, omitted);
  addNames(dhcp, options, omitted);
  addRoutes(dhcp, options, problems);
  const { tftp_server_name: server = '', boot_file_name: file = '' } = dhcp;
  return {
    address: problems.length === 0 ? address : undefined,
    options,
    time: uint32Option(optionCode.leaseTime, leaseSeconds(dhcp.lease_time)),
    foreignBoot: server === '' && file === '' ? undefined : { server, file },
    problems,
    omitted,
  };
}

function readAddress({ ip = {} }: DhcpData, options: DhcpOption[], problems: string[]): Ipv4 | undefined {
  const { address: addressText = '', netmask = '', gateway = '' } = ip;
  if (addressText === '') return undefined;
  const address = parseIpv4(addressText);
  if (address === undefined) {
    problems.push(`dhcp.ip.address ${addressText} is no IPv4 address, which DHCP hands out`);
    return undefined;
  }
  if (address === 0) return undefined;
  const mask = parseIpv4(netmask);
  if (mask === undefined || !isNetmask(mask)) {
    problems.push(`dhcp.ip.netmask ${JSON.stringify(netmask)} must be a mask like 255.255.255.0`);
  } else {
    options.push(uint32Option(optionCode.subnetMask, mask));
    options.push(uint32Option(optionCode.broadcastAddress, broadcastOf(address, mask)));
  }
  if (gateway !== '') {
    const router = parseIpv4(gateway);
    if (router === undefined) problems.push(`dhcp.ip.gateway ${gateway} is no IPv4 address`);
    else options.push(uint32Option(optionCode.router, router));
  }
  return address;
}

function addLists(dhcp: DhcpData, options: DhcpOption[], omitted: string[]): void {
  const lists = [
    ['name_servers', optionCode.domainNameServer],
    ['time_servers', optionCode.ntpServers],
  ] as const;
  for (const [field, code] of lists) {
    const addresses: Ipv4[] = [];
    for (const text of dhcp[field] ?? []) {
      const address = parseIpv4(text);
      if (address === undefined) omitted.push(`dhcp.${field}: ${text} is no IPv4 address`);
      else addresses.push(address);
    }
    if (addresses.length > 0) options.push(addressesOption(code, addresses));
  }
}

function addNames(dhcp: DhcpData, options: DhcpOption[], omitted: string[]): void {
  const { hostname = '', domain_name: domain = '' } = dhcp;
  addText(options, omitted, 'hostname', optionCode.hostName, hostname);
  addText(options, omitted, 'domain_name', optionCode.domainName, domain);
  if (domain === '') return;
  const search = domainNamesOption(optionCode.domainSearch, [domain]);
  if (search !== undefined) options.push(search);
  else omitted.push(`dhcp.domain_name: ${domain} is no domain to search in (option 119)`);
}

function addText(options: DhcpOption[], omitted: string[], field: string, code: number, text: string): void {
  if (text === '') return;
  const option = textOption(code, text);
  if (option.data.length <= maxTextBytes) options.push(option);
  else omitted.push(`dhcp.${field} is longer than ${maxTextBytes} bytes`);
}

function addRoutes({ classless_static_routes: texts = [] }: DhcpData, options: DhcpOption[], problems: string[]): void {
  const routes: ClasslessRoute[] = [];
  for (const { destination_descriptor: destination, router: routerText } of texts) {
    const [networkText = '', lengthText = ''] = destination.split('/');
    const [network, router, prefixLength] = [parseIpv4(networkText), parseIpv4(routerText), Number(lengthText)];
    if (network === undefined || router === undefined || !/^\d+$/.test(lengthText) || prefixLength > 32) {
      problems.push(`dhcp.classless_static_routes: ${destination} via ${routerText} is no IPv4 route`);
    } else routes.push({ network, prefixLength, router });
  }
  if (routes.length > 0) options.push(classlessRoutesOption(optionCode.classlessRoutes, routes));
}

function leaseSeconds(seconds: number | undefined): number {
  return seconds === undefined || seconds <= 0 || seconds > maxUint32 ? defaultLeaseSeconds : Math.trunc(seconds);
}
