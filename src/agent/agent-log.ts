import type { Level } from './telemetry.ts';
import { actionOutput, agentEvent } from './telemetry.ts';

const ranks: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes what the agent tells as lines `2026-01-01T00:00:00.000Z info action begins action=writefile`: for a console and for
 * syslog. @returns the way to stop
 */
export function logAgent(
  out: { write(text: string): unknown },
  level: Level,
  now: () => number = Date.now,
): () => void {
  const write = (text: string) => out.write(`${new Date(now()).toISOString()} ${printable(text)}\n`);
  const stops = [
    agentEvent.subscribe(({ level: own, what, fields = {} }) => {
      if (ranks[own] < ranks[level]) return;
      const pairs = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}=${typeof value === 'string' ? quoted(value) : value}`);
      write(`${own} ${what}${pairs.join('')}`);
    }),
    actionOutput.subscribe(({ action, line }) => write(`info [${action}] ${line}`)),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Programs print whatever they like: nothing of it may move the cursor or begin a line of its own. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
