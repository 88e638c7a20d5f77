import { CommanderError } from 'commander';
import { CaptError, messageOf } from '../api/errors/capt-error.ts';

/** Exit codes of `capt`: 0 done, 1 failed, 2 called wrongly, 130 interrupted. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Prints one failure for a person (what, next step, code) and says with which code to exit.
 * A bug (anything that is not in the error table) keeps its stack: somebody has to find it.
 */
export function reportFailure(error: unknown, out: { write(text: string): unknown }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof CaptError) {
    out.write(`capt: ${error.message}\n      ${error.hint} [${error.code}]\n`);
    return error.code === 'INTERRUPTED' ? exitCodes.interrupted : exitCodes.failed;
  }
  out.write(`capt: unexpected error: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
  return exitCodes.failed;
}
