import { flag, int64, list, optional, struct, text, texts } from './field.ts';
import { storageType } from './storage.ts';

const manufacturer = struct('tinkerbell.MetadataManufacturer', { ID: ['id', text], Slug: ['slug', text] });

const operatingSystem = struct('tinkerbell.MetadataInstanceOperatingSystem', {
  Slug: ['slug', text],
  Distro: ['distro', text],
  Version: ['version', text],
  ImageTag: ['image_tag', text],
  OsSlug: ['os_slug', text],
});

const instanceIp = struct('tinkerbell.MetadataInstanceIP', {
  Address: ['address', text],
  Netmask: ['netmask', text],
  Gateway: ['gateway', text],
  Family: ['family', int64],
  Public: ['public', flag],
  Management: ['management', flag],
});

const instance = struct('tinkerbell.MetadataInstance', {
  ID: ['id', text],
  State: ['state', text],
  Hostname: ['hostname', text],
  AllowPxe: ['allow_pxe', flag],
  Rescue: ['rescue', flag],
  OperatingSystem: ['operating_system', optional(operatingSystem)],
  AlwaysPxe: ['always_pxe', flag],
  IpxeScriptURL: ['ipxe_script_url', text],
  Ips: ['ips', list(optional(instanceIp))],
  Userdata: ['userdata', text],
  CryptedRootPassword: ['crypted_root_password', text],
  Tags: ['tags', texts],
  Storage: ['storage', optional(storageType)],
  SSHKeys: ['ssh_keys', texts],
  NetworkReady: ['network_ready', flag],
});

const custom = struct('tinkerbell.MetadataCustom', {
  PreinstalledOperatingSystemVersion: ['preinstalled_operating_system_version', optional(operatingSystem)],
  PrivateSubnets: ['private_subnets', texts],
});

const facility = struct('tinkerbell.MetadataFacility', {
  PlanSlug: ['plan_slug', text],
  PlanVersionSlug: ['plan_version_slug', text],
  FacilityCode: ['facility_code', text],
});

/** `.Hardware.Metadata`. */
export const metadataType = struct('tinkerbell.HardwareMetadata', {
  State: ['state', text],
  BondingMode: ['bonding_mode', int64],
  Manufacturer: ['manufacturer', optional(manufacturer)],
  Instance: ['instance', optional(instance)],
  Custom: ['custom', optional(custom)],
  Facility: ['facility', optional(facility)],
});
