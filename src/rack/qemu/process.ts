import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { QmpClient } from './qmp/client.ts';

export interface QemuProcessOptions {
  file: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  directory: string;
  /** Where its complaints go. */
  logFile: string;
}

/** How a QEMU process ended. */
export interface QemuExit {
  /** The reason of its SHUTDOWN event, `guest-reset` or `guest-shutdown` for instance; absent when it said none. */
  reason?: string;
  /** In words, for people. */
  how: string;
}

/** One process of QEMU, from a power-on or restart to the next power-off or restart. It dies with ours, even by kill -9. */
export class QemuProcess {
  readonly qmp: QmpClient;
  readonly exited: Promise<QemuExit>;
  readonly #child: ChildProcess;
  #reason: string | undefined;

  constructor({ file, args, environment, directory, logFile }: QemuProcessOptions) {
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', file, ...args], {
        cwd: directory,
        env: environment,
        // A session of its own: Ctrl-C at our terminal is for us to act on.
        detached: true,
        stdio: ['pipe', 'pipe', log],
      });
      this.#child = child;
      const { stdin, stdout } = child;
      if (stdin === null || stdout === null) throw new TypeError('a child with pipes has none');
      this.exited = exitOf(child).then((how) => ({ how, ...(this.#reason ? { reason: this.#reason } : {}) }));
      this.qmp = new QmpClient(stdout, stdin, {
        onEvent: ({ name, data }) => {
          if (name === 'SHUTDOWN' && typeof data['reason'] === 'string') this.#reason = data['reason'];
        },
      });
    } finally {
      closeSync(log);
    }
  }

  /** Cuts its power; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    // `close` comes when all that it said has been heard.
    child.once('close', (code, signal) =>
      resolve(code === null ? `ended by ${signal}` : `ended with exit code ${code}`),
    );
  });
}
