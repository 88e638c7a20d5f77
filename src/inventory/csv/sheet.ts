import { type CsvError, parse } from 'csv-parse/sync';
import { byLine, type CsvProblem } from './problem.ts';

/** One row as it stands in the file. */
export interface SheetRow {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file (RFC 4180) taken apart: rows without meaning yet, the header among them. */
export interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly problems: readonly CsvProblem[];
}

interface Parsed {
  record: string[];
  info: { bytes: number };
}

/** No list of machines is larger; what is was not meant. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Takes a file apart: comma, quotes, line ends of any kind, a UTF-8 byte order mark. Rows whose quotes are wrong are left
 * out and told as problems; everything else is read on.
 */
export function readSheet(file: Buffer): Sheet {
  const whole = complaintAboutFile(file);
  if (whole !== undefined) return { rows: [], problems: [{ line: 1, ...whole }] };
  const problems = new Map<number, CsvProblem>();
  const parsed = parse(file, {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_records_with_error: true,
    // One wrong quote upsets the rest of its line: one message is enough.
    on_skip: (error) => {
      const problem = quoteProblem(error);
      if (!problems.has(problem.line)) problems.set(problem.line, problem);
      return undefined;
    },
  }) as unknown as Parsed[];
  const lines = new LineCounter(file);
  const rows = parsed.map(({ record, info }) => ({ line: lines.firstLineOf(record, info.bytes), cells: record }));
  return { rows, problems: [...problems.values()].sort(byLine) };
}

function complaintAboutFile(file: Buffer): { rule: string; fix: string } | undefined {
  if (file.length > maxBytes) return { rule: 'the file must have 16 MiB at most', fix: 'split it' };
  if (file[0] === 0xff || file[0] === 0xfe || file.includes(0)) {
    return { rule: 'must be text in UTF-8', fix: 'save it as "CSV UTF-8 (comma delimited)"' };
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(file);
    return undefined;
  } catch {
    return { rule: 'must be text in UTF-8', fix: 'save it as "CSV UTF-8 (comma delimited)"' };
  }
}

/** Never with the parser's own words: they quote the line, and a password may stand in it. */
function quoteProblem(error: CsvError | undefined): CsvProblem {
  const line = Number((error as { lines?: number } | undefined)?.lines ?? 1);
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') {
    return { line, rule: 'a value in quotes must end with a quote', fix: 'close the quote; nothing after it was read' };
  }
  return {
    line,
    rule: 'quotes must stand around a whole value',
    fix: 'put the value in quotes from comma to comma, and write each quote inside twice',
  };
}

/** Lines of records. The parser counts CRLF inside of quotes twice, so they are counted here, from the bytes. */
class LineCounter {
  readonly #file: Buffer;
  #offset = 0;
  #ends = 0;

  constructor(file: Buffer) {
    this.#file = file;
  }

  /** @param end offset after the record and its line end; must not go back from call to call */
  firstLineOf(record: readonly string[], end: number): number {
    while (this.#offset < end) this.#ends += this.#endsLine(this.#offset++) ? 1 : 0;
    const closed = end > 0 && this.#endsLine(end - 1) ? 1 : 0;
    const inside = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    return this.#ends - closed - inside + 1;
  }

  #endsLine(offset: number): boolean {
    const byte = this.#file[offset];
    return byte === 0x0a || (byte === 0x0d && this.#file[offset + 1] !== 0x0a);
  }
}
