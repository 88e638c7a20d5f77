const longest = 600;

/** One line of bounded length without control characters, whatever a BMC may have written. */
export function cleanText(text: string): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
