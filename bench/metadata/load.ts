import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** One run of wrk. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  /** Processor time of the server for 1,000 requests, user and system together. */
  readonly cpuSecondsPerThousand: number;
}

/** `wrk` with 64 connections that are kept open. */
export async function load(url: string, pid: number, seconds: number): Promise<Load> {
  const before = cpuSeconds(pid);
  const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c64', `-d${seconds}`, '--latency', url]);
  const used = cpuSeconds(pid) - before;
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  if (/Non-2xx/.test(stdout) || !(requests > 0)) throw new Error(`wrk ${url}: ${stdout}`);
  const [, p99 = '', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const toMilliseconds: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99Milliseconds: Number(p99) * (toMilliseconds[unit] ?? 1),
    cpuSecondsPerThousand: (used / requests) * 1000,
  };
}

/** Processor time of all threads of a process; the kernel counts it in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function memoryMebibytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1]) / 1024;
}
