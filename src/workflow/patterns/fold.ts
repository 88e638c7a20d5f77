/** A text in which letters that differ in case only are the same (Unicode's simple case folding, near enough). */
export function foldCase(text: string): string {
  return [...text].map((character) => single(single(character, 'toUpperCase'), 'toLowerCase')).join('');
}

/** `ß` in upper case is two letters; such a one stays as it is. */
function single(character: string, change: 'toUpperCase' | 'toLowerCase'): string {
  const changed = character[change]();
  return [...changed].length === 1 ? changed : character;
}
