/**
 * Malformed IPMI packets against the driver and the virtual BMC: `PACKETS=1000000 SEED=1 npm run fuzz:ipmi`. Fails on a
 * crash, a packet that takes long, or memory that grows.
 */
import { Random } from '../faults/random.ts';
import { fuzzBmc, fuzzDriver, type RoundReport } from './ipmi-rounds.ts';

const packets = Number(process.env.PACKETS ?? 1_000_000);
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
if (!Number.isInteger(packets) || packets < 1 || !Number.isInteger(seed)) {
  process.stderr.write('PACKETS and SEED are whole numbers, PACKETS at least 1\n');
  process.exit(2);
}

/** What one packet may take at most, in milliseconds, pauses of the machine included. */
const slowLimitMs = 2_000;
/** By how much the heap may grow over the whole run, in MiB. */
const growthLimit = 16;

const failures: string[] = [];
await fuzz('virtual BMC', fuzzBmc);
await fuzz('driver', fuzzDriver);
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function fuzz(name: string, round: (random: Random, packets: number) => Promise<RoundReport>): Promise<void> {
  const random = new Random(seed);
  try {
    // Not counted: what is compiled and cached on first use.
    await round(random, Math.min(packets, 20_000));
    const heapBefore = heapMebibytes();
    const started = performance.now();
    const report = await round(random, packets);
    const seconds = (performance.now() - started) / 1000;
    const growth = heapMebibytes() - heapBefore;
    process.stdout.write(
      `${name}: seed ${seed}, ${report.packets} packets in ${seconds.toFixed(1)} s, ` +
        `${Math.round(report.packets / seconds)}/s, slowest ${report.slowestMs.toFixed(1)} ms, ` +
        `heap ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MiB\n`,
    );
    if (report.slowestMs > slowLimitMs) failures.push(`${name}: a packet took ${report.slowestMs.toFixed(0)} ms`);
    if (globalThis.gc !== undefined && growth > growthLimit) failures.push(`${name}: ${growth.toFixed(1)} MiB more`);
  } catch (error) {
    failures.push(
      `${name}: SEED=${seed}: ${error instanceof Error ? `${error.stack}\n${String(error.cause)}` : error}`,
    );
  }
}

function heapMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
