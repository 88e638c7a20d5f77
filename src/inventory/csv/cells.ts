import { canonicalIp, ipv4Number, isUnicast, prefixLength } from './network.ts';
import type { Complaint } from './problem.ts';

/** What a cell says, or what is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly complaint: Complaint };

function wrong(rule: string, fix: string): { complaint: Complaint } {
  return { complaint: { rule, fix } };
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Names are made of it: `bmc-<hostname>-auth` is the longest of them and must stay within 253. */
const longestHostname = 253 - 'bmc--auth'.length;

/** The name of the machine and of its objects: a subdomain of RFC 1123. */
export function hostname(text: string): Checked<string> {
  const rule = 'must be a host name (RFC 1123)';
  if (text !== text.toLowerCase()) return wrong(rule, `write it in lower case: ${text.toLowerCase()}`);
  if (!subdomain.test(text)) {
    return wrong(rule, 'write lower-case letters, digits, - and ., with a letter or digit first and last');
  }
  if (text.length > longestHostname || text.split('.').some((label) => label.length > 63)) {
    return wrong(`${rule}: at most ${longestHostname} characters, 63 between dots`, 'shorten it');
  }
  return { value: text };
}

/** The address of the machine: IPv4, since it is told over DHCPv4. */
export function machineAddress(text: string): Checked<string> {
  const number = ipv4Number(text);
  if (number === undefined || !isUnicast(number)) {
    return wrong(
      'must be the IPv4 address of one machine',
      'write four numbers from 0 to 255 without leading zeros, like 192.0.2.10',
    );
  }
  return { value: text };
}

export function netmask(text: string): Checked<string> {
  const bits = prefixLength(text);
  if (bits !== undefined && bits > 0) return { value: text };
  return wrong('must be a netmask in dotted form whose ones come first', 'write it like 255.255.255.0');
}

/** DNS servers, joined by `|`. */
export function nameservers(text: string): Checked<string[]> {
  const servers = text.split('|').map((server) => canonicalIp(server.trim()));
  if (servers.every((server) => server !== undefined)) return { value: servers };
  return wrong('must be IP addresses joined by |', 'write it like 192.0.2.1|192.0.2.2, without names and empty parts');
}

const macForms = [
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/,
  /^([0-9a-f]{2}-){5}[0-9a-f]{2}$/,
  /^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/,
];

/** A hardware address in the usual forms, as `02:00:5e:00:53:01`. */
export function mac(text: string): Checked<string> {
  const lower = text.toLowerCase();
  if (!macForms.some((form) => form.test(lower))) {
    return wrong('must be a MAC address', 'write six pairs of hexadecimal digits, like 02:00:5e:00:53:01');
  }
  const digits = lower.replace(/[^0-9a-f]/g, '');
  if (/^0+$/.test(digits) || Number.parseInt(digits.slice(0, 2), 16) % 2 === 1) {
    return wrong('must be the MAC address of one card, not zero, multicast or broadcast', 'copy it from the machine');
  }
  return { value: (digits.match(/../g) ?? []).join(':') };
}

/** Wider than EKS Anywhere's, whose rule refuses the stable names in /dev/disk/by-id. */
const disks = /^\/dev(\/[\w@:+=-][\w.@:+=-]*)+$/;

export function disk(text: string): Checked<string> {
  if (disks.test(text)) return { value: text };
  return wrong('must be a device under /dev', 'write it like /dev/sda, /dev/nvme0n1 or /dev/disk/by-id/…');
}

const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What only the machine controller may write. */
const ownerLabels = ['v1alpha1.tinkerbell.org/ownerName', 'v1alpha1.tinkerbell.org/ownerNamespace'];

/** Labels as `key=value|key2=value2`; an empty cell means none. */
export function labels(text: string): Checked<Record<string, string>> {
  const found = new Map<string, string>();
  for (const pair of text === '' ? [] : text.split('|')) {
    const [key = '', ...rest] = pair.split('=').map((part) => part.trim());
    const value = rest.join('=');
    if (rest.length === 0 || !labelKey.test(key) || !labelValue.test(value)) {
      return wrong('must be labels as key=value joined by |', 'write it like type=cp|rack=a1, each with a key and a =');
    }
    if (ownerLabels.includes(key)) return wrong(`must not set ${key}`, 'remove it: a claim writes that label');
    if (found.has(key)) return wrong('must not name a label twice', `keep one value of ${key}`);
    found.set(key, value);
  }
  return { value: Object.fromEntries(found) };
}

export function ipAddress(text: string): Checked<string> {
  const value = canonicalIp(text);
  return value === undefined ? wrong('must be an IP address', 'write it like 192.0.2.10 or 2001:db8::10') : { value };
}

export function vlanId(text: string): Checked<string> {
  const number = Number(text);
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 4094) return { value: String(number) };
  return wrong('must be a VLAN number', 'write a number from 1 to 4094, or nothing');
}
