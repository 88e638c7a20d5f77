import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CaptError } from '../api/errors/capt-error.ts';
import { runAgent } from './run-agent.ts';

/**
 * The agent without the rest of `capt`: what the installer OS runs. Its bundle starts here. Files named before the flags
 * are waited for: drivers and network come up while the program is loaded.
 */

// They are for whoever changes the program, not for whoever reads the log of a machine: grpc-js names an IP address as the
// name of a TLS server (DEP0123), which Node will come to leave out.
process.noDeprecation = true;

const lookSeconds = 0.05;
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
try {
  const words = process.argv.slice(2);
  const firstFlag = words.findIndex((word) => word.startsWith('-'));
  const files = firstFlag < 0 ? words : words.slice(0, firstFlag);
  for (const file of files) {
    while (!existsSync(file)) await pause(lookSeconds * 1000, undefined, { signal: controller.signal });
  }
  await runAgent(words.slice(files.length), process.env, controller.signal);
} catch (error) {
  // Whoever reads this has a serial console: no stack unless it is a bug.
  const text =
    error instanceof CaptError
      ? `${error.message} (${error.hint}) [${error.code}]`
      : (error as Error | undefined)?.stack;
  process.stderr.write(`capt agent: ${text ?? String(error)}\n`);
  process.exitCode = 1;
}
