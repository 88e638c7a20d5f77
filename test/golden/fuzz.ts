/**
 * Renders random templates with real Go and with our engine and compares, errors included.
 * `SEED=1 COUNT=20000 npm run fuzz:template`; a difference is printed with its template and data. Needs Go.
 */
import { Random } from '../faults/random.ts';
import { agrees, renderOurs } from './fuzz/compare.ts';
import { anyData } from './fuzz/data.ts';
import { Grammar } from './fuzz/grammar.ts';
import { Oracle } from './oracle.ts';

const seed = Number(process.env['SEED'] ?? 1);
const count = Number(process.env['COUNT'] ?? 20_000);
const slowMilliseconds = 1000;

using oracle = new Oracle();
const random = new Random(seed);
const grammar = new Grammar(random);
let differences = 0;
let failures = 0;
let slow = 0;
for (let i = 0; i < count; i++) {
  const template = grammar.template();
  const data = anyData(random);
  const started = performance.now();
  const ours = renderOurs(template, data);
  if (performance.now() - started > slowMilliseconds) {
    slow++;
    process.stdout.write(`slow: ${JSON.stringify(template)}\n`);
  }
  if (ours.error !== undefined) failures++;
  const theirs = await oracle.ask({ template, data });
  if (agrees(template, ours, theirs)) continue;
  differences++;
  const shown = { template, data, ours, theirs };
  process.stdout.write(`${JSON.stringify(shown, null, 1)}\n`);
}
const failing = ((100 * failures) / count).toFixed(0);
process.stdout.write(
  `seed ${seed}: ${count} templates (${failing} % of them with errors), ${differences} differ from Go, ${slow} slow\n`,
);
process.exitCode = differences + slow === 0 ? 0 : 1;
