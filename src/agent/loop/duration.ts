const units: readonly (readonly [name: string, microseconds: number])[] = [
  ['h', 3600e6],
  ['m', 60e6],
  ['s', 1e6],
  ['ms', 1e3],
  ['us', 1],
];

/** As agents write durations: the two largest units that are not zero (`1m2s`, `350ms10us`); `0s` for nothing. */
export function durationText(ms: number): string {
  let rest = Math.max(0, Math.round(ms * 1000));
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
  }
  return parts.slice(0, 2).join('') || '0s';
}
