import type * as z from 'zod';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, int64, text } from '../../schema/scalar.ts';

/** An IP address with its network. */
export const ipAddress = object('The address of the interface.', {
  address: text('IPv4 or IPv6 address.'),
  netmask: text('Netmask in dotted form; needed with IPv4.'),
  gateway: text('Address of the default router.'),
  family: int64('4 or 6; the address alone decides.'),
});

const classlessRoute = object('A route for option 121.', {
  destination_descriptor: required(
    text('Destination, as network and prefix length.', {
      pattern: {
        source:
          '^((25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}(25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)/(3[0-2]|[12]?[0-9])$',
        fix: 'write an IPv4 network with its prefix length, like 192.0.2.0/24',
      },
    }),
  ),
  router: required(
    text('Router to the destination.', {
      pattern: {
        source: '^((25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}(25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)$',
        fix: 'write an IPv4 address, like 192.0.2.1',
      },
    }),
  ),
});

/** What DHCP tells an interface. */
export const dhcp = object(
  'What the interface is told over DHCP.',
  {
    mac: text('Hardware address of the interface, the key to this entry.', {
      pattern: {
        source: '([0-9a-f]{2}[:]){5}([0-9a-f]{2})',
        fix: 'write six pairs of lower-case hexadecimal digits joined by colons, like 02:00:5e:00:53:01',
      },
    }),
    hostname: text('Host name, option 12.'),
    domain_name: text('DNS domain, options 15 and 119.'),
    lease_time: int64('Seconds the lease lasts; negative or beyond 32 bits means a week.'),
    name_servers: list('DNS servers, option 6.', text('An IP address.')),
    time_servers: list('NTP servers, option 42.', text('An IP address.')),
    arch: text('Architecture for kernel names, `x86_64` or `aarch64`; `x86_64` when absent.'),
    uefi: flag('The machine boots through UEFI.'),
    iface_name: text('Kept for compatibility; nothing reads it.'),
    ip: ipAddress,
    vlan_id: text('VLAN of the installer, given on its kernel command line and not over DHCP.', {
      pattern: {
        source:
          '^(([0-9][0-9]{0,2}|[1-3][0-9][0-9][0-9]|40([0-8][0-9]|9[0-6]))(,[1-9][0-9]{0,2}|[1-3][0-9][0-9][0-9]|40([0-8][0-9]|9[0-6]))*)$',
        fix: 'write a VLAN number from 0 to 4096 as a string, like "100", or several joined by commas',
      },
    }),
    classless_static_routes: list('Static routes, option 121.', classlessRoute),
    tftp_server_name: text('Server of a foreign boot program, option 66; ours is then not offered.'),
    boot_file_name: text('File name of a foreign boot program, option 67 and header; ours is then not offered.'),
  },
  {
    rules: [
      {
        cel: '(has(self.tftp_server_name) && self.tftp_server_name != "") == (has(self.boot_file_name) && self.boot_file_name != "")',
        message: 'tftp_server_name and boot_file_name belong together: set both, or leave both out',
        holds: (value) => hasText(value['tftp_server_name']) === hasText(value['boot_file_name']),
      },
    ],
  },
);

export type Dhcp = z.infer<typeof dhcp>;

function hasText(value: unknown): boolean {
  return value !== undefined && value !== '';
}
