/** A column of hardware.csv as EKS Anywhere defines it. */
export interface Column {
  readonly name: string;
  /** The header must name it. */
  readonly required: boolean;
}

/** Columns in the order of the documentation; files may have any order. */
export const columns = [
  { name: 'hostname', required: true },
  { name: 'ip_address', required: true },
  { name: 'netmask', required: true },
  { name: 'gateway', required: true },
  { name: 'nameservers', required: true },
  { name: 'mac', required: true },
  { name: 'disk', required: true },
  { name: 'labels', required: true },
  { name: 'bmc_ip', required: false },
  { name: 'bmc_username', required: false },
  { name: 'bmc_password', required: false },
  { name: 'vlan_id', required: false },
] as const satisfies readonly Column[];

export type ColumnName = (typeof columns)[number]['name'];

/** Columns that old files have and that mean nothing any more. */
export const legacyColumns: readonly string[] = ['id', 'vendor'];

const maxTypos = 3;

/** The column that an unknown name was probably meant to be; `undefined` when it looks like none. */
export function nearestColumn(name: string): ColumnName | undefined {
  // As many typos as letters would make anything look like anything.
  const allowed = Math.min(maxTypos, Math.floor(name.length / 3));
  const letters = (text: string) => text.replace(/[^a-z0-9]/g, '');
  let nearest: { name: ColumnName; distance: number } | undefined;
  for (const column of columns) {
    const [a, b] = [letters(name), letters(column.name)];
    const extended = b.length > 4 && (a.startsWith(b) || b.startsWith(a)) && a.length > 3;
    const distance = extended ? 1 : editDistance(a, b);
    if (distance <= allowed && distance < (nearest?.distance ?? Infinity)) nearest = { name: column.name, distance };
  }
  return nearest?.name;
}

/** Levenshtein distance; names of columns are short. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
