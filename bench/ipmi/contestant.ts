import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { IpmiDriver } from '../../src/bmc/ipmi/driver.ts';
import type { BmcTarget } from '../../src/bmc/port.ts';

export const benchCredentials = { username: 'admin', password: 'benchmark' };

/** Figures of one contestant in one round. */
export interface Measured {
  commandsPerSecond: number;
  /** Of this process and of the processes it ran. */
  cpuMsPerCommand: number;
}

/** Asks for the power status `count` times, one after the other. */
export type Contestant = (target: BmcTarget, cipherSuite: number, count: number) => Promise<void>;

const driver = new IpmiDriver();
const { signal } = new AbortController();

export const contestants = {
  /** As the reconcilers do while they wait for something: one session, many questions. */
  async oneSession(target, cipherSuite, count) {
    await using session = await driver.open(target, { cipherSuite, signal });
    for (let i = 0; i < count; i++) expectOn(await session.powerState({ signal }));
  },

  /** Session set-up and farewell for every question, as ipmitool has it. */
  async sessionPerCommand(target, cipherSuite, count) {
    for (let i = 0; i < count; i++) {
      await using session = await driver.open(target, { cipherSuite, signal });
      expectOn(await session.powerState({ signal }));
    }
  },

  /** A process for every question, as the original does it. */
  async ipmitool({ host, port, credentials }, cipherSuite, count) {
    const env = { ...process.env, IPMITOOL_PASSWORD: credentials.password };
    const way = [
      '-I',
      'lanplus',
      '-C',
      String(cipherSuite),
      '-H',
      host,
      '-p',
      String(port),
      '-U',
      credentials.username,
    ];
    for (let i = 0; i < count; i++) {
      const { stdout } = await promisify(execFile)('ipmitool', [...way, '-E', 'power', 'status'], { env });
      expectOn(stdout.trim().endsWith(' on') ? 'on' : stdout);
    }
  },
} as const satisfies Record<string, Contestant>;

export async function measure(
  contestant: Contestant,
  target: BmcTarget,
  suite: number,
  count: number,
): Promise<Measured> {
  const cpuBefore = cpuMs();
  const started = performance.now();
  await contestant(target, suite, count);
  const seconds = (performance.now() - started) / 1000;
  return { commandsPerSecond: count / seconds, cpuMsPerCommand: (cpuMs() - cpuBefore) / count };
}

/** CPU time of this process and of its children that have ended; Linux counts the latter in ticks of 10 ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const childTicks = Number(fields[13]) + Number(fields[14]);
  return (user + system) / 1000 + childTicks * 10;
}

function expectOn(state: string): void {
  if (state !== 'on') throw new Error(`the machine is ${state}`);
}
