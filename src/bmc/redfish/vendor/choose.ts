import { ami } from './ami.ts';
import { dell } from './dell.ts';
import { generic } from './generic.ts';
import { hpe } from './hpe.ts';
import { lenovo } from './lenovo.ts';
import { openbmc } from './openbmc.ts';
import { supermicro } from './supermicro.ts';
import type { Vendor } from './vendor.ts';

export const vendors: readonly Vendor[] = [dell, hpe, supermicro, lenovo, ami, openbmc];

/**
 * Whose BMC it is. What it keeps below `Oem` says so better than the nameplate, which resellers change; the more
 * telling signs come first.
 */
export function vendorOf(signs: { oemKeys: readonly string[]; manufacturers: readonly string[] }): Vendor {
  const byOem = vendors.find(({ oemKeys }) => oemKeys.some((key) => signs.oemKeys.includes(key)));
  if (byOem !== undefined) return byOem;
  for (const manufacturer of signs.manufacturers) {
    const named = vendors.find((vendor) => vendor.manufacturer.test(manufacturer));
    if (named !== undefined) return named;
  }
  return generic;
}
