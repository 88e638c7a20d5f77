import { type ColumnName, columns, legacyColumns, nearestColumn } from './columns.ts';
import { duplicateProblems } from './duplicates.ts';
import { byLine, type CsvProblem, shown } from './problem.ts';
import { type CellReader, type HardwareRow, type ReadRow, readRow } from './row.ts';
import { readSheet, type SheetRow } from './sheet.ts';

/** What a hardware.csv says. */
export interface HardwareCsv {
  /** The rows without problems, in the order of the file. */
  readonly rows: readonly HardwareRow[];
  /** Everything that is wrong, by line; empty when all is right. */
  readonly problems: readonly CsvProblem[];
  /** What is right but may not be what was meant: columns that are ignored. */
  readonly remarks: readonly string[];
  /** The columns that the file has: what it has no column for, it says nothing about. */
  readonly columns: ReadonlySet<ColumnName>;
}

/** Reads a hardware.csv with the columns of EKS Anywhere, in any order; tells all problems of all rows at once. */
export function readHardwareCsv(file: Buffer): HardwareCsv {
  const sheet = readSheet(file);
  const [first, ...body] = sheet.rows;
  if (first === undefined) {
    const empty = { line: 1, rule: 'must have a header', fix: `write the names of the columns: ${allNames}` };
    return nothing(sheet.problems.length > 0 ? sheet.problems : [empty]);
  }
  const header = readHeader(first);
  // Without all columns every row would repeat what the header lacks.
  if (header.problems.length > 0) return nothing([...header.problems, ...sheet.problems].sort(byLine));
  const read = body.map((row) => readCells(row, first.cells.length, header.positions));
  const problems = [...sheet.problems, ...read.flatMap((row) => row.problems)];
  if (body.length === 0 && problems.length === 0) {
    problems.push({ line: first.line, rule: 'must have a row for each machine', fix: 'add them below the header' });
  }
  problems.push(...duplicateProblems(read.map(({ keys }) => keys)));
  return {
    rows: read.flatMap(({ row }) => row ?? []),
    problems: problems.sort(byLine),
    remarks: header.remarks,
    columns: new Set(header.positions.keys()),
  };
}

const allNames = columns.map(({ name }) => name).join(',');

function nothing(problems: readonly CsvProblem[]): HardwareCsv {
  return { rows: [], problems, remarks: [], columns: new Set() };
}

interface Header {
  positions: Map<ColumnName, number>;
  problems: CsvProblem[];
  remarks: string[];
}

function readHeader({ line, cells }: SheetRow): Header {
  const header: Header = { positions: new Map(), problems: [], remarks: [] };
  if (cells.length === 1 && /[;\t]/.test(cells[0] ?? '')) {
    header.problems.push({ line, rule: 'columns must be separated by commas', fix: 'save it with commas' });
    return header;
  }
  for (const [position, cell] of cells.entries()) readHeaderCell(header, line, position, cell.trim().toLowerCase());
  for (const { name, required } of columns) {
    if (!required || header.positions.has(name)) continue;
    header.problems.push({ line, column: name, rule: 'must be a column of the file', fix: 'add it to the header' });
  }
  return header;
}

function readHeaderCell({ positions, problems, remarks }: Header, line: number, position: number, name: string): void {
  const column = columns.find((candidate) => candidate.name === name)?.name;
  if (column !== undefined) {
    if (!positions.has(column)) positions.set(column, position);
    else problems.push({ line, column, rule: 'must be named once', fix: 'remove one of the two columns' });
    return;
  }
  if (legacyColumns.includes(name)) {
    remarks.push(`column ${name} is ignored: it is not used any more`);
    return;
  }
  // Silently ignored, a typo means a machine without BMC.
  const meant = nearestColumn(name);
  if (meant === undefined) remarks.push(`column ${shown(name)} is ignored: there is no such column`);
  else {
    const rule = `there is no such column, but there is ${meant}`;
    problems.push({ line, column: name, rule, fix: `rename it to ${meant}, or to something unlike it` });
  }
}

function readCells({ line, cells }: SheetRow, count: number, positions: Map<ColumnName, number>): ReadRow {
  if (cells.length !== count) {
    const rule = `must have ${count} values, as the header has columns, but has ${cells.length}`;
    return {
      keys: { line },
      problems: [{ line, rule, fix: 'compare it with the header; a value with a comma needs quotes' }],
    };
  }
  const cell: CellReader = (column) => {
    const text = cells[positions.get(column) ?? -1] ?? '';
    // Blanks may well be part of a password.
    return column === 'bmc_password' ? text : text.trim();
  };
  return readRow(line, cell);
}
