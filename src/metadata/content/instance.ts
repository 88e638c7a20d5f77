import { canonicalIp } from '../../api/meta/ip-address.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/** First-boot configuration; `metadata.instance.userdata` only where nobody, the machine controller included, set another. */
export function userDataOf({ spec }: Hardware): string {
  return spec?.userData ?? spec?.metadata?.instance?.userdata ?? '';
}

export function vendorDataOf({ spec }: Hardware): string {
  return spec?.vendorData ?? '';
}

/** Identity of the instance, the hardware address of the first interface when none is given. */
export function instanceIdOf({ spec }: Hardware): string {
  return spec?.metadata?.instance?.id ?? spec?.interfaces?.[0]?.dhcp?.mac ?? '';
}

/** Host name, the one that DHCP tells when none is given. */
export function hostnameOf({ spec }: Hardware): string {
  return spec?.metadata?.instance?.hostname ?? spec?.interfaces?.[0]?.dhcp?.hostname ?? '';
}

export function sshKeysOf({ spec }: Hardware): string[] {
  return (spec?.metadata?.instance?.ssh_keys ?? []).map((key) => key.trim()).filter((key) => key !== '');
}

export function publicIpv4Of(hardware: Hardware): string {
  return listed(hardware, 4, true) ?? '';
}

/** The address of an interface when the instance lists none at all. */
export function localIpv4Of(hardware: Hardware): string {
  return listed(hardware, 4, false) ?? derived(hardware, (address) => !address.includes(':'));
}

export function publicIpv6Of(hardware: Hardware): string {
  return listed(hardware, 6) ?? derived(hardware, (address) => address.includes(':'));
}

function listed({ spec }: Hardware, family: number, isPublic?: boolean): string | undefined {
  const addresses = spec?.metadata?.instance?.ips ?? [];
  return addresses.find(
    (one) => one.family === family && (isPublic === undefined || (one.public ?? false) === isPublic),
  )?.address;
}

function derived({ spec }: Hardware, fits: (address: string) => boolean): string {
  if ((spec?.metadata?.instance?.ips ?? []).length > 0) return '';
  for (const { dhcp } of spec?.interfaces ?? []) {
    const address = canonicalIp(dhcp?.ip?.address ?? '');
    if (address !== undefined && fits(address)) return address;
  }
  return '';
}
