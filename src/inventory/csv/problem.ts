/** One thing that is wrong with the file. */
export interface CsvProblem {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  /** Name of the column; absent when the row or the file as a whole is meant. */
  readonly column?: string;
  /** What must hold there. */
  readonly rule: string;
  /** What is there now, in quotes and shortened; absent when nothing is, or when it is a secret. */
  readonly found?: string;
  /** What to do, in the imperative. */
  readonly fix: string;
}

/** What is wrong with a value, before it is known where it stands. */
export interface Complaint {
  readonly rule: string;
  readonly fix: string;
}

const longest = 60;

/** A value as messages show it. */
export function shown(text: string): string {
  return JSON.stringify(text.length <= longest ? text : `${text.slice(0, longest)}…`);
}

/** A problem in one line: `line 3, gateway: must be in 192.0.2.0/24, but is "10.0.0.1": write …`. */
export function describeCsvProblem({ line, column, rule, found, fix }: CsvProblem): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, ${column}`;
  return `${where}: ${rule}${found === undefined ? '' : `, but is ${found}`}: ${fix}`;
}

/** In the order of the file; problems of one row keep theirs. */
export function byLine(a: CsvProblem, b: CsvProblem): number {
  return a.line - b.line;
}
