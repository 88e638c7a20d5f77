import { readFileSync, writeFileSync } from 'node:fs';

/** The outcome of one suite run. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Where a suite run by `test/run.ts` leaves its counts. */
export const countsFileVariable = 'CAPT_TEST_COUNTS_FILE';

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** How a test run closes: `N passed, N failed`, alone on the last line; what was skipped stands on the line before. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${skipped > 0 ? `${skipped} skipped\n` : ''}${passed} passed, ${failed} failed`;
}

export function writeCounts(file: string, counts: Counts): void {
  writeFileSync(file, JSON.stringify(counts));
}

/** Reads what a suite left; a suite that left nothing died before its end and counts as one failure. */
export function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
