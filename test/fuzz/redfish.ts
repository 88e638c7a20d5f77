/**
 * Puts malformed answers through the Redfish driver and its decoders: no crash, no hang, no growth.
 * `node --expose-gc test/fuzz/redfish.ts [answers] [documents] [first seed]`
 */
import { type FuzzReport, fuzz } from './redfish-run.ts';

const [answers = 500_000, documents = 500_000, firstSeed = 1] = process.argv.slice(2).map(Number);

function heapMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const started = performance.now();
const heaps: number[] = [];

function line(report: FuzzReport): void {
  heaps.push(heapMebibytes());
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const heap = heaps.at(-1)?.toFixed(1);
  process.stdout.write(
    `${seconds} s: ${report.cases} cases, ${report.calls} calls, ${report.answers} answers, ${report.documents} documents, heap ${heap} MiB\n`,
  );
}

const report = await fuzz({ firstSeed, answers, documents, progress: line });
const errors = Object.entries(report.errors).map(([kind, count]) => `${kind} ${count}`);
process.stdout.write(`ended as BmcError: ${errors.join(', ')}\n`);
process.stdout.write(`slowest case: seed ${report.slowestSeed}, ${report.slowestMs.toFixed(0)} ms\n`);
// The first tenth warms up. What is left after that must not pile up.
const growth = (heaps.at(-1) ?? 0) - (heaps[1] ?? heaps[0] ?? 0);
process.stdout.write(`heap grew by ${growth.toFixed(1)} MiB since the second tenth\n`);
if (growth > 16) {
  process.stdout.write('FAILED: the heap grows\n');
  process.exitCode = 1;
}
