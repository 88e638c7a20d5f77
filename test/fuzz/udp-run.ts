/** What a fuzzer of datagrams needs around it: counts, a seed, and the limits that fail the run. */
import { Random } from '../faults/random.ts';

/** What one datagram may take at most, in milliseconds, pauses of the machine included. */
const slowLimitMs = 2_000;
/** By how much the heap may grow over the whole run, in MiB. */
const growthLimit = 16;

/** Hands one datagram to what is tested. */
export type Step = (random: Random) => void | Promise<void>;

/**
 * Runs `make()`'s step so often as PACKETS says (default 1,000,000), from SEED. Fails on anything thrown, a datagram that takes
 * long, or memory that grows.
 */
export async function fuzzDatagrams(name: string, make: (random: Random) => Step): Promise<void> {
  const packets = Number(process.env['PACKETS'] ?? 1_000_000);
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  if (!Number.isInteger(packets) || packets < 1 || !Number.isInteger(seed)) {
    process.stderr.write('PACKETS and SEED are whole numbers, PACKETS at least 1\n');
    process.exitCode = 2;
    return;
  }
  const failures: string[] = [];
  try {
    const random = new Random(seed);
    const step = make(random);
    // Not counted: what is compiled and cached on first use.
    for (let i = 0; i < Math.min(packets, 20_000); i++) await step(random);
    const heapBefore = heapMebibytes();
    const started = performance.now();
    let slowestMs = 0;
    for (let i = 0; i < packets; i++) {
      const before = performance.now();
      await step(random);
      slowestMs = Math.max(slowestMs, performance.now() - before);
    }
    const seconds = (performance.now() - started) / 1000;
    const growth = heapMebibytes() - heapBefore;
    process.stdout.write(
      `${name}: seed ${seed}, ${packets} packets in ${seconds.toFixed(1)} s, ${Math.round(packets / seconds)}/s, ` +
        `slowest ${slowestMs.toFixed(1)} ms, heap ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MiB\n`,
    );
    if (slowestMs > slowLimitMs) failures.push(`a packet took ${slowestMs.toFixed(0)} ms`);
    if (globalThis.gc !== undefined && growth > growthLimit) failures.push(`${growth.toFixed(1)} MiB more`);
  } catch (error) {
    failures.push(`SEED=${seed}: ${error instanceof Error ? error.stack : error}`);
  }
  for (const failure of failures) process.stdout.write(`FAILED: ${name}: ${failure}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function heapMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
