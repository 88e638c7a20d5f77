import { spawn } from 'node:child_process';
import { processMark } from './process-tree.ts';

/**
 * Waits for the end of its input, which comes when the process at the other end is gone by whatever; then kills what has the
 * mark, until there is nothing more. A parent-death signal would reach children only, not what they have started.
 */
const script = `
cat >/dev/null
for round in $(seq 100); do
  left=
  for folder in /proc/[0-9]*; do
    tr '\\0' '\\n' <"$folder/environ" | grep -qxF "$1" && left="$left \${folder#/proc/}"
  done
  [ -n "$left" ] || exit 0
  kill -9 $left
  sleep 0.05
done
`;

/**
 * Ends all processes with this mark when this process dies, also by SIGKILL: for commands that nobody starts again, as the
 * agent is. Dispose of it when they have ended.
 */
export function guard(mark: string, env: NodeJS.ProcessEnv): Disposable {
  const guardian = spawn('sh', ['-c', script, 'capt-guardian', `${processMark}=${mark}`], {
    // Not in our process group: a signal for all of that must not end it as well.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  // Without it the action runs all the same.
  guardian.on('error', () => {});
  guardian.stdin.on('error', () => {});
  guardian.unref();
  return { [Symbol.dispose]: () => killGroup(guardian.pid) };
}

/** The shell and the `cat` it waits in. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
