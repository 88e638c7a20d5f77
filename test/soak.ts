/**
 * Runs the fault suites with many seeds: `SEEDS=20 FIRST_SEED=1 node test/soak.ts`. A failing seed is printed with the
 * command that runs it again.
 */

import { runSeed } from './faults/seed.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from './support/control-plane.ts';
import { closingLine } from './support/counts.ts';

const seeds = Number(process.env.SEEDS ?? 20);
const firstSeed = Number(process.env.FIRST_SEED ?? 1);
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(firstSeed)) {
  process.stderr.write('SEEDS and FIRST_SEED are whole numbers, SEEDS at least 1\n');
  process.exit(2);
}

let passed = 0;
let failed = 0;
process.on('unhandledRejection', (error) => {
  failed += 1;
  process.stdout.write(`unhandled rejection: ${error instanceof Error ? error.stack : String(error)}\n`);
});

await startTestControlPlane();
try {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    try {
      const controlPlane = testControlPlane();
      const report = await runSeed(seed, controlPlane.adminCredentials, {
        changes: 300,
        killApiServer: () => controlPlane.kill('kube-apiserver', 'SIGKILL'),
      });
      passed += 1;
      const faults = Object.entries(report.faults).map(([kind, count]) => `${kind} ${count}`);
      const seconds = report.seconds.toFixed(1);
      process.stdout.write(
        `seed ${seed}: ok in ${seconds} s, ${report.kills} API server kills, faults: ${faults.join(', ')}\n`,
      );
    } catch (error) {
      failed += 1;
      process.stdout.write(`seed ${seed}: FAILED: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.stdout.write(`  again: SEEDS=1 FIRST_SEED=${seed} make soak\n`);
    }
  }
} finally {
  await stopTestControlPlane();
}
process.stdout.write(`${closingLine({ passed, failed, skipped: 0 })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
