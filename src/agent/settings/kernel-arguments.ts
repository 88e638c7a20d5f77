/**
 * Kernel arguments from `/proc/cmdline`: separated by white space, double quotes keep white space together, the last of a
 * name wins, one without `=` is empty.
 */
export function parseKernelArguments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [word] of text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)) {
    const plain = word.replaceAll('"', '');
    const at = plain.indexOf('=');
    values.set(at < 0 ? plain : plain.slice(0, at), at < 0 ? '' : plain.slice(at + 1));
  }
  return values;
}
