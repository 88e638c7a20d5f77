/**
 * Runs the fault suites with many seeds: `SEEDS=20 FIRST_SEED=1 node test/soak.ts`. A failing seed is printed with the
 * command that runs it again. `SUITES` names the suites to run, separated by commas; default all.
 */

import { claimAll } from './faults/claim-all.ts';
import { claimRace } from './faults/claim-race.ts';
import { lifecycleSeed } from './faults/lifecycle-seed.ts';
import { provisionSeed } from './faults/provisioning-seed.ts';
import { runSeed } from './faults/seed.ts';
import { startTestControlPlane, stopTestControlPlane, testControlPlane } from './support/control-plane.ts';
import { closingLine } from './support/counts.ts';
import { LifecycleRig } from './support/lifecycle/lifecycle-rig.ts';

const seeds = Number(process.env.SEEDS ?? 20);
const firstSeed = Number(process.env.FIRST_SEED ?? 1);
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(firstSeed)) {
  process.stderr.write('SEEDS and FIRST_SEED are whole numbers, SEEDS at least 1\n');
  process.exit(2);
}

/** What a suite does with one seed; the answer is for the reader. */
const suites: Readonly<Record<string, (seed: number) => Promise<string>>> = {
  /** Caches and reconcilers on bad connections, to an API server that is killed. */
  controllers: async (seed) => {
    const controlPlane = testControlPlane();
    const report = await runSeed(seed, controlPlane.adminCredentials, {
      changes: 300,
      killApiServer: () => controlPlane.kill('kube-apiserver', 'SIGKILL'),
    });
    const faults = Object.entries(report.faults).map(([kind, count]) => `${kind} ${count}`);
    return `${report.seconds.toFixed(1)} s, ${report.kills} API server kills, faults: ${faults.join(', ')}`;
  },
  /** Twenty machines installed through virtual BMCs, by services that are killed. */
  provisioning: async (seed) => {
    const workflows = 20;
    const { seconds, kills } = await provisionSeed(seed, { workflows, kills: 6, timeoutSeconds: 300 });
    return `${seconds.toFixed(1)} s, ${workflows} workflows, ${kills} kills of the services`;
  },
  /** A hundred machines on exactly a hundred hosts, all claimed within seconds; then all given back. */
  claims: async () => {
    const machines = 100;
    const { upSeconds, downSeconds } = await claimAll(machines);
    return `${upSeconds.toFixed(1)} s up, ${downSeconds.toFixed(1)} s down, ${machines} machines`;
  },
  /** A hundred machines let loose on exactly a hundred hosts by two providers that know nothing of each other. */
  races: async () => {
    const { claimSeconds, claims } = await claimRace(100);
    return `${claimSeconds.toFixed(1)} s, ${claims} claims`;
  },
  /** A cluster to which nothing happens for two minutes. */
  idle: async () => {
    await using rig = await LifecycleRig.create('idle', { machines: 4, workers: 2 });
    await rig.startServices();
    await rig.createCluster();
    await rig.untilRunning(3);
    await rig.untilIdle(120, 360);
    return '120 s';
  },
  /** The life of a cluster on the real Cluster API and a simulated rack, by services that are killed. */
  lifecycle: async (seed) => {
    const { seconds, kills } = await lifecycleSeed(seed, { killsAPart: 4, stalledSeconds: 240 });
    return `${seconds.toFixed(1)} s, ${kills} kills of the services`;
  },
};

const chosen = (process.env.SUITES ?? Object.keys(suites).join(',')).split(',');
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(`SUITES: there is no ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}\n`);
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
    for (const name of chosen) await run(name, seed);
  }
} finally {
  await stopTestControlPlane();
}
process.stdout.write(`${closingLine({ passed, failed, skipped: 0 })}\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function run(name: string, seed: number): Promise<void> {
  try {
    const report = await suites[name]?.(seed);
    passed += 1;
    process.stdout.write(`seed ${seed}, ${name}: ok in ${report}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`seed ${seed}, ${name}: FAILED: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.stdout.write(`  again: SUITES=${name} SEEDS=1 FIRST_SEED=${seed} make soak\n`);
  }
}
