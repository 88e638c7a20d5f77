import type { HardwareView } from '../../inventory/list/hardware-view.ts';
import { ageOf } from '../kubernetes/status-table.ts';

/** The lines of a table as kubectl prints them: three blanks between columns, `<none>` for nothing. */
export function renderViews(views: readonly HardwareView[], now: Date, withNamespace: boolean): string[] {
  const head = ['NAME', 'OWNER', 'POWER', 'STATE', 'AGE', 'REASON'];
  const rows = views.map(({ name, owner, power, state, created, reason }) => [
    name,
    owner ?? '<none>',
    power ?? '<none>',
    state,
    created === undefined ? '<unknown>' : ageOf(created, now),
    // The one column of free text stands last: what is long does not push others away.
    reason === undefined ? '<none>' : oneLine(reason),
  ]);
  const table = [head, ...rows];
  if (!withNamespace) return aligned(table);
  return aligned(table.map((row, index) => [index === 0 ? 'NAMESPACE' : (views[index - 1]?.namespace ?? ''), ...row]));
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
      .join('')
      .trimEnd(),
  );
}

/** Messages of BMCs may hold anything; a terminal must not act on it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}
