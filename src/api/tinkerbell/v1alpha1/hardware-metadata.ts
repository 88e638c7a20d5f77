import type * as z from 'zod';
import { list } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { flag, int64, text } from '../../schema/scalar.ts';
import { storage } from './hardware-storage.ts';

const operatingSystem = object('An operating system.', {
  slug: text('Short name, such as `ubuntu_24_04`.'),
  distro: text('Distribution.'),
  version: text('Version.'),
  image_tag: text('Tag of the image.'),
  os_slug: text('Short name within the distribution.'),
});

const instanceAddress = object('One address.', {
  address: text('IPv4 or IPv6 address.'),
  netmask: text('Netmask in dotted form.'),
  gateway: text('Address of the default router.'),
  family: int64('4 or 6.'),
  public: flag('Reachable from outside.'),
  management: flag('Meant for administration.'),
});

const instance = object('What the machine serves as.', {
  id: text('Identity of the instance; the hardware address of the first interface by custom.'),
  state: text('Free text.'),
  hostname: text('Host name that the metadata service tells.'),
  allow_pxe: flag('For templates only.'),
  rescue: flag('For templates only.'),
  operating_system: operatingSystem,
  always_pxe: flag('For templates only.'),
  ipxe_script_url: text('For templates only.'),
  ips: list('Addresses that the metadata service tells.', instanceAddress),
  userdata: text('For templates only; user-data is in `spec.userData`.'),
  crypted_root_password: text('Hash of the password of root, for templates.'),
  tags: list('Free words that the metadata service tells.', text('A word.')),
  storage,
  ssh_keys: list('Public keys of people who may log in.', text('A key in the form of authorized_keys.')),
  network_ready: flag('For templates only.'),
});

/** What the metadata service and templates are told of a machine. */
export const hardwareMetadata = object('What the metadata service and templates are told of the machine.', {
  state: text('Free text.'),
  bonding_mode: int64('Number of the Linux bonding mode.'),
  manufacturer: object('Who made the machine.', {
    id: text('Identity of the maker.'),
    slug: text('Short name of the maker.'),
  }),
  instance,
  custom: object('Values for special installations.', {
    preinstalled_operating_system_version: operatingSystem,
    private_subnets: list('Private networks.', text('A network with its prefix length.')),
  }),
  facility: object('Where the machine stands and what it is.', {
    plan_slug: text('Short name of the machine type.'),
    plan_version_slug: text('Short name of the version of the machine type.'),
    facility_code: text('Code of the place; goes onto the kernel command line of the installer.'),
  }),
});

export type HardwareMetadata = z.infer<typeof hardwareMetadata>;
