import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends what is on the network of that name, then the network. */
const script = `
while read -r line; do :; done
for pid in $(ip netns pids "$1"); do
  [ "$pid" = $$ ] || kill -KILL "$pid"
done
ip netns delete "$1"
`;

/**
 * Sees to a network whose owner is killed: a small process that does nothing until its input ends, which happens when
 * this process does, however. Disposing of it dismisses it, and leaves the network to the owner.
 */
export class Janitor implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(network: string, environment: NodeJS.ProcessEnv) {
    this.#child = spawn('sh', ['-c', script, 'sh', network], {
      env: environment,
      cwd: '/',
      // A session of its own: Ctrl-C at our terminal is for us to act on.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without it the network is ended by the next rack.
    this.#child.on('error', () => undefined);
    this.#child.unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#child.ref();
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
