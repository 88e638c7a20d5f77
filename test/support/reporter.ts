import Mocha from 'mocha';
import { type Counts, closingLine, countsFileVariable, writeCounts } from './counts.ts';

/** Mocha's spec reporter, plus the reason of every skip, plus the closing line (or the counts for `test/run.ts`). */
export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const unexplained: string[] = [];
    runner.on('pending', (test) => {
      if (skipReasonOf(test) === undefined) unexplained.push(test.fullTitle());
    });
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      for (const title of unexplained) process.stdout.write(`  skipped without a reason: ${title}\n`);
      const counts: Counts = { passed: passes, failed: failures + unexplained.length, skipped: pending };
      const file = process.env[countsFileVariable];
      if (file === undefined) process.stdout.write(`${closingLine(counts)}\n`);
      else writeCounts(file, counts);
    });
  }
}

const skipReasons = new WeakMap<object, string>();

/** Skips the running test or suite and says why; a skip without a reason fails the run. */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const runnable = context.test;
  if (runnable !== undefined) {
    skipReasons.set(runnable, reason);
    for (const suite of ancestors(runnable.parent)) skipReasons.set(suite, reason);
  }
  process.stdout.write(`  skipped: ${runnable?.fullTitle() ?? 'suite'}: ${reason}\n`);
  return context.skip();
}

function skipReasonOf(test: Mocha.Test): string | undefined {
  for (const node of [test, ...ancestors(test.parent)]) {
    const reason = skipReasons.get(node);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function* ancestors(suite: Mocha.Suite | undefined): Generator<Mocha.Suite> {
  for (let node = suite; node !== undefined && !node.root; node = node.parent) yield node;
}
