import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface Usage {
  cpuSeconds: number;
  /** Now. */
  rssMebibytes: number;
}

/** Clock ticks a second of Linux on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Reads it from /proc; throws when the process is gone. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name may hold blanks and parentheses; the fields behind it are fixed.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: ticks / ticksPerSecond, rssMebibytes: Number(rss ?? 0) / 1024 };
}
