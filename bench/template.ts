/**
 * Rendering of workflow templates with our engine against real Go (text/template with sprig), in one run and by turns:
 * from the text every time, as a workflow is rendered once, and with a template that has been parsed before. Needs Go.
 */
import { dataOfJson } from '../src/workflow/template/data.ts';
import { workflowLibrary } from '../src/workflow/template/library.ts';
import { Template } from '../src/workflow/template/template.ts';
import { Oracle } from '../test/golden/oracle.ts';
import { type Case, cases } from './template/cases.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
/** How long one turn of one contestant takes, more or less. */
const turnSeconds = Number(process.env.BENCH_TURN_SECONDS ?? 0.5);
type Way = 'text' | 'parsed';

/** How long something took, by the clock and by what all threads of the process used of the CPUs. */
interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Renders so many times. */
type Contestant = (count: number) => Spent | Promise<Spent>;

using oracle = new Oracle();

async function main(): Promise<void> {
  process.stdout.write(
    '| template | bytes | from | capt renders/s | Go renders/s | capt / Go | of rounds | capt / Go by CPU time |\n|---|---|---|---|---|---|---|---|\n',
  );
  for (const each of cases) {
    const bytes = await sameOutput(each);
    for (const way of ['text', 'parsed'] as const) process.stdout.write(`${await compare(each, way, bytes)}\n`);
  }
  process.stdout.write(
    `median of ${rounds} rounds by turns of about ${turnSeconds} s; the outputs are the same; above 1 capt is faster\n`,
  );
}

/** What is not the same cannot be compared. @returns the size of the output */
async function sameOutput({ name, template, data }: Case): Promise<number> {
  const ours = Template.parse('t', template, workflowLibrary).render(dataOfJson(JSON.stringify(data)));
  const theirs = await oracle.ask({ template, data });
  if (ours.toString() !== theirs.output) throw new Error(`${name}: ${theirs.error ?? 'Go renders something else'}`);
  return ours.length;
}

async function compare(each: Case, way: Way, bytes: number): Promise<string> {
  const capt: Contestant = (count) => ours(each, way, count);
  const go: Contestant = (count) => theirs(each, way, count);
  const counts = [await countFor(capt), await countFor(go)] as const;
  const measured: { capt: number; go: number; ratio: number; cpuRatio: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // By turns, so that a busy moment of the machine hits both.
    const [a, b] = [await capt(counts[0]), await go(counts[1])];
    const [captRate, goRate] = [counts[0] / a.seconds, counts[1] / b.seconds];
    const cpuRatio = counts[0] / a.cpuSeconds / (counts[1] / b.cpuSeconds);
    measured.push({ capt: captRate, go: goRate, ratio: captRate / goRate, cpuRatio });
  }
  const middle = (key: 'capt' | 'go' | 'ratio' | 'cpuRatio') => median(measured.map((figures) => figures[key]));
  const ratios = measured.map(({ ratio }) => ratio);
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  const rates = [middle('capt').toFixed(0), middle('go').toFixed(0)];
  const cells = [each.name, bytes, way, ...rates, middle('ratio').toFixed(2), spread, middle('cpuRatio').toFixed(2)];
  return `| ${cells.join(' | ')} |`;
}

/** How many renders fill a turn. Also warms up. */
async function countFor(contestant: Contestant): Promise<number> {
  let count = 64;
  for (;;) {
    const { cpuSeconds } = await contestant(count);
    if (cpuSeconds > turnSeconds / 2) return Math.ceil((count * turnSeconds) / cpuSeconds);
    count *= 2;
  }
}

function ours({ template, data }: Case, way: Way, count: number): Spent {
  const values = dataOfJson(JSON.stringify(data));
  const before = Template.parse('t', template, workflowLibrary);
  const [started, cpuStarted] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < count; i++) {
    const parsed = way === 'parsed' ? before : Template.parse('t', template, workflowLibrary);
    parsed.render(values);
  }
  const { user, system } = process.cpuUsage(cpuStarted);
  return { seconds: (performance.now() - started) / 1e3, cpuSeconds: (user + system) / 1e6 };
}

async function theirs({ name, template, data }: Case, way: Way, count: number): Promise<Spent> {
  const { seconds, cpuSeconds, error } = await oracle.ask({ template, data, repeat: count, parsed: way === 'parsed' });
  if (seconds === undefined || cpuSeconds === undefined) throw new Error(`${name}: ${error ?? 'no answer'}`);
  return { seconds, cpuSeconds };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

await main();
