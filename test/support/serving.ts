import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testControlPlane } from './control-plane.ts';
import { captFile } from './local-cli.ts';

/**
 * One `capt serve` process on the loopback, which may be killed and started again. What Node has compiled is kept for the
 * next start within the run, once a process has ended in peace: it is half of what a start costs.
 */
export class Serving {
  readonly #flags: string[];
  #process: ChildProcess | undefined;
  output = '';

  constructor(services: string, flags: string[]) {
    this.#flags = ['serve', '--services', services, '--bind-address', '127.0.0.1', ...flags];
  }

  start(): void {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(testControlPlane().directory, 'compiled') };
    // Tests and soaks are interrupted, and killed by those who wait for them: nothing of them serves on.
    const command = ['--pdeathsig', 'KILL', '--', captFile, ...this.#flags];
    const child = spawn('setpriv', command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.output += String(data)));
    this.#process = child;
  }

  /** Throws while it does not run. */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('capt serve does not run');
    return pid;
  }

  /** Ends it, if it runs. @returns its exit code, or the signal that ended it */
  async end(signal: NodeJS.Signals): Promise<number | string | null> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode ?? child.signalCode;
  }
}
