const share = 0.1;

/**
 * `seconds`, give or take a tenth, the same for the same key every time: what was started at once does not stay in step.
 */
export function jittered(seconds: number, key: string): number {
  return seconds * (1 - share + 2 * share * (fnv1a(key) / 2 ** 32));
}

/** FNV-1a with 32 bits, by which the original spreads its work too. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
