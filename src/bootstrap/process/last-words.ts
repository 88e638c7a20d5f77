/** What a Go program says about its end before it prints where in the code it was. */
const verdict = /^panic: |^fatal error: |"level":"(?:fatal|panic)"|^F\d{4} |^E\d{4} .*"command failed"/;

/** Of the last lines of a log those that tell most about why its process ended: its verdict if there is one. */
export function lastWords(lines: readonly string[], count: number): string[] {
  const found = lines.findLastIndex((line) => verdict.test(line));
  return found === -1 ? lines.slice(-count) : lines.slice(found, found + Math.min(3, count));
}

/** True when the process could not write: whatever else it says follows from that. */
export function tellsOfFullDisk(lines: readonly string[]): boolean {
  return lines.some((line) => /no space left on device|disk quota exceeded/i.test(line));
}
