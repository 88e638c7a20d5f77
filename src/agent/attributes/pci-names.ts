/**
 * Reads pci.ids (format in its own head): a line per vendor with its number, below it one per device with a tab before it,
 * and with two tabs what is left out here. @returns a function from numbers (four hexadecimal digits) to names
 */
export function pciNames(text: string): (vendor: string, device: string) => { vendor: string; product: string } {
  const names = new Map<string, string>();
  let vendor = '';
  for (const [, tab = '', id = '', name = ''] of text.matchAll(/^(\t?)([0-9a-f]{4}) {2}(.+)$/gm)) {
    if (tab === '') vendor = id;
    names.set(tab === '' ? id : `${vendor}:${id}`, name.trim().slice(0, 256));
  }
  return (vendorId, deviceId) => ({
    vendor: names.get(vendorId) ?? vendorId,
    product: names.get(`${vendorId}:${deviceId}`) ?? deviceId,
  });
}
