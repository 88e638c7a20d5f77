import { toLower, toTitle, toUpper } from '../value/unicode.ts';
import type { CharSet } from './syntax.ts';

/** Letters that are another case of a common letter but that mapping that letter's case never gives. */
const rare = [
  0xb5, 0x17f, 0x345, 0x3c2, 0x3d0, 0x3d1, 0x3d5, 0x3d6, 0x3f0, 0x3f1, 0x3f4, 0x3f5, 0x1c80, 0x1c81, 0x1c82, 0x1c83,
  0x1c84, 0x1c85, 0x1c86, 0x1c87, 0x1c88, 0x1e9b, 0x1e9e, 0x1fbe, 0x2126, 0x212a, 0x212b,
];

/** The one letter that stands for all cases of a letter. Dotted and dotless i are letters of their own. */
function canonical(code: number): number {
  return code === 0x130 || code === 0x131 ? code : toLower(toUpper(code));
}

const rareOf = new Map<number, number[]>();
for (const code of rare) rareOf.set(canonical(code), [...(rareOf.get(canonical(code)) ?? []), code]);

/** A set with all cases of its letters. */
export function folded(set: CharSet): CharSet {
  return (code) => {
    if (set(code)) return true;
    const letter = canonical(code);
    if (set(letter) || set(toUpper(letter)) || set(toTitle(letter))) return code !== 0x130 && code !== 0x131;
    return rareOf.get(letter)?.some(set) ?? false;
  };
}
