import { createHash } from 'node:crypto';

/** Crockford's base 32, the alphabet of ULIDs. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * An identifier in the shape of a ULID that follows from `parts`: rendering again gives the same tasks and actions, so
 * an agent's report finds its action even if the status was rendered anew in between.
 */
export function deterministicId(...parts: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  const digits = Array.from({ length: 26 }, (_, index) => alphabet[(digest[index] ?? 0) & 31]);
  // The first of 26 digits holds the upper 3 of 128 bits.
  digits[0] = alphabet[(digest[0] ?? 0) & 7];
  return digits.join('');
}
