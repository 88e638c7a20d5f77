/**
 * Runs every check of the project and closes with the counts of all of them.
 * `node test/run.ts [step …]` runs only the named steps.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, closingLine, countsFileVariable, readCounts } from './support/counts.ts';

interface Step {
  name: string;
  command: string[];
  /** Mocha suites leave their own counts; any other command counts as one check. */
  mocha?: boolean;
}

const steps: Step[] = [
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'kubernetes', command: ['src/cli/capt.sh', 'kubernetes', 'build'] },
  { name: 'cluster-api', command: ['src/cli/capt.sh', 'cluster-api', 'build'] },
  { name: 'unit', command: ['npm', 'run', '--silent', 'test:unit'], mocha: true },
  { name: 'integration', command: ['npm', 'run', '--silent', 'test:integration'], mocha: true },
  // Machines in QEMU, root only; `make e2e` has more of it.
  { name: 'e2e-short', command: ['npm', 'run', '--silent', 'test:e2e-short'], mocha: true },
];

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `unknown step ${unknown.join(', ')}; steps are ${steps.map((step) => step.name).join(', ')}\n`,
    );
    return 2;
  }
  let total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const step of steps) {
    if (wanted.length > 0 && !wanted.includes(step.name)) continue;
    total = addCounts(total, await run(step));
  }
  process.stdout.write(`${closingLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function run(step: Step): Promise<Counts> {
  process.stdout.write(`\n── ${step.name}\n`);
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'capt-counts-'));
  const countsFile = join(folder, 'counts.json');
  try {
    const exitCode = await execute(step.command, { ...process.env, [countsFileVariable]: countsFile });
    const counts = step.mocha ? readCounts(countsFile) : { passed: 0, failed: 0, skipped: 0 };
    // A non-zero exit without a failed test (an unhandled rejection after the end, say) is a failure too.
    if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
    else if (!step.mocha && exitCode === 0) counts.passed = 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`── ${step.name}: ${counts.failed === 0 ? 'ok' : 'FAILED'} in ${seconds} s\n`);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function execute([program, ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (program === undefined) throw new Error('a step needs a command');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main();
