/**
 * Our IPMI driver against one `ipmitool` process per command, in one run, against the same virtual BMC in a process of
 * its own: power status, one after the other.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { benchCredentials, type Contestant, contestants, type Measured, measure } from './ipmi/contestant.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
/** Commands a round: fewer where each takes longer. */
const counts: Record<keyof typeof contestants, number> = { oneSession: 5_000, sessionPerCommand: 500, ipmitool: 100 };
const names = Object.keys(contestants) as (keyof typeof contestants)[];

const bmc = fork(fileURLToPath(new URL('ipmi/bmc.ts', import.meta.url)));
try {
  const [port] = (await once(bmc, 'message')) as [number];
  const target = { host: '127.0.0.1', port, credentials: benchCredentials };
  for (const suite of [3, 17]) {
    const results: Record<keyof typeof contestants, Measured[]> = {
      oneSession: [],
      sessionPerCommand: [],
      ipmitool: [],
    };
    for (let round = -1; round < rounds; round++) {
      // By turns, so that a busy moment of the machine hits all; the first round only warms up.
      for (const name of names) {
        const contestant: Contestant = contestants[name];
        const measured = await measure(contestant, target, suite, counts[name]);
        if (round >= 0) results[name].push(measured);
      }
    }
    process.stdout.write(table(suite, results));
  }
} finally {
  bmc.disconnect();
}

function table(suite: number, results: Record<keyof typeof contestants, Measured[]>): string {
  const row = (figure: keyof Measured, label: string) => {
    const value = (name: keyof typeof contestants) => median(results[name].map((measured) => measured[figure]));
    const [one, each, peer] = [value('oneSession'), value('sessionPerCommand'), value('ipmitool')];
    const ratios = figure === 'commandsPerSecond' ? [one / peer, each / peer] : [peer / one, peer / each];
    const cells = [one, each, peer].map((number) => number.toFixed(number < 10 ? 2 : 0));
    return `| ${[label, ...cells, ...ratios.map((ratio) => `${ratio.toFixed(1)}×`)].join(' | ')} |`;
  };
  return [
    `\ncipher suite ${suite}, median of ${rounds} rounds`,
    '| power status | one session | a session each | an ipmitool process each | one session better by | a session each better by |',
    '|---|---|---|---|---|---|',
    row('commandsPerSecond', 'commands/s'),
    row('cpuMsPerCommand', 'CPU ms per command'),
    '',
  ].join('\n');
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
