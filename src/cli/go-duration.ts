const secondsOf: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  // The micro sign and the Greek letter look the same.
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** A duration as Go programs take it, such as `30m`, `1h30m` or `500ms`, in seconds; `undefined` for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  let seconds = 0;
  let end = 0;
  for (const [whole, count, unit = ''] of text.matchAll(part)) {
    seconds += Number(count) * (secondsOf[unit] ?? Number.NaN);
    end += whole.length;
  }
  return end > 0 && end === text.length ? seconds : undefined;
}
