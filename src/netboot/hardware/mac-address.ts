/** What nearly every text is already. */
const canonical = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const spellings =
  /^(?:[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{2}(?:-[0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{12})$/i;

/**
 * The one form in which hardware addresses are compared: six lower-case pairs joined by colons.
 * Takes colons, dashes, dots (`aabb.ccdd.eeff`) or nothing between the digits, in any case.
 * @returns `undefined` when `text` is none (only Ethernet addresses of 6 bytes are)
 */
export function canonicalMac(text: string): string | undefined {
  if (canonical.test(text)) return text;
  if (!spellings.test(text)) return undefined;
  const digits = text.toLowerCase().replace(/[:.-]/g, '');
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:${digits.slice(6, 8)}:${digits.slice(8, 10)}:${digits.slice(10)}`;
}
