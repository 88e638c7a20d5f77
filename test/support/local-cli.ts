import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/bootstrap/process/command.ts';

/** The starter that `npx capt` runs. */
export const captFile = fileURLToPath(new URL('../../src/cli/capt.sh', import.meta.url));

export interface CliResult {
  exitCode: number;
  stdout: string;
  /** Standard output and error as they came. */
  output: string;
}

/** Runs `capt ARGS…` as a user would, from another folder, with `environment` on top of the real one. */
export async function capt(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const { exitCode, stdout, tail } = await runCommand(captFile, args, {
    cwd: '/',
    environment: { ...process.env, ...environment },
  });
  return { exitCode, stdout: stdout.join('\n'), output: tail.join('\n') };
}
