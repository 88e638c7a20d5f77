import { CaptError } from '../../api/errors/capt-error.ts';
import { runCommand } from '../../bootstrap/process/command.ts';
import type { QuickstartContext } from './context.ts';

export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** Sees each line that it writes. */
  onLine?: (line: string) => void;
}

/** Runs another command of ours as a user would. @throws CaptError QUICKSTART_STEP_FAILED with what it said */
export async function runCapt(
  { command: [program, ...first], environment }: QuickstartContext,
  args: readonly string[],
  { signal, onLine }: RunOptions = {},
): Promise<string[]> {
  const result = await runCommand(program, [...first, ...args], {
    cwd: '/',
    environment,
    signal,
    ...(onLine === undefined ? {} : { onLine }),
    // It ends machines and networks on its way out.
    interruptGraceMs: 60_000,
  });
  if (result.exitCode === 0) return result.stdout;
  throw new CaptError('QUICKSTART_STEP_FAILED', {
    command: args.slice(0, 2).join(' '),
    output: result.tail.join('\n'),
  });
}
