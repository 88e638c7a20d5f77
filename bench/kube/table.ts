export interface RatioRow {
  figure: string;
  ours: number;
  peer: number;
  /** What the ratio ours / peer should be. */
  goal: string;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A Markdown table with the ratio ours / peer in each row. */
export function ratioTable(rows: RatioRow[]): string {
  const lines = rows.map(
    ({ figure, ours, peer, goal }) =>
      `| ${figure} | ${digits(ours)} | ${digits(peer)} | ${(ours / peer).toFixed(2)} | ${goal} |`,
  );
  return [
    '',
    '| figure (median) | capt | client-node informer | ratio | goal |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
