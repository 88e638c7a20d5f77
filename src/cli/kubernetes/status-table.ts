import type { ControlPlaneStatus } from '../../bootstrap/local/status.ts';

/** The status for people: what and where first, then one line a process. */
export function renderStatus(status: ControlPlaneStatus, now: Date): string[] {
  const facts = [
    ['Health', status.health],
    ['Endpoint', status.endpoint ?? '-'],
    ['Version', status.version ?? '-'],
    ['Directory', status.directory],
    ['Kubeconfig', status.kubeconfig],
  ];
  const head = ['PROCESS', 'PID', 'STATE', 'RESTARTS', 'SINCE', 'LAST EXIT'];
  const rows = status.processes.map((row) => [
    row.name,
    row.pid === undefined ? '-' : String(row.pid),
    row.state,
    String(row.restarts),
    `${ageOf(row.since, now)} ago`,
    row.lastExit ?? '-',
  ]);
  return [...columns(facts), ...(rows.length === 0 ? [] : ['', ...columns([head, ...rows])])];
}

/** The time since then in its largest two units, the way kubectl prints ages: `45s`, `2m5s`, `3h12m`, `2d4h`. */
export function ageOf(since: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = Math.min(
    parts.findIndex(([amount]) => amount > 0),
    parts.length - 1,
  );
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([amount], index) => index === 0 || amount > 0)
    .map((part) => part.join(''))
    .join('');
}

/** Pads every cell but the last of a row to the width of its column. */
function columns(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 2))
      .join('')
      .trimEnd(),
  );
}
