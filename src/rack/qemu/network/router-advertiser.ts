import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishMachineEvent } from '../../telemetry.ts';

export interface RouterAdvertiserOptions {
  /** For its configuration. */
  directory: string;
  /** Where on that network. */
  device: string;
  environment: NodeJS.ProcessEnv;
  /** The command that runs a program on the network of the machines. */
  command: (program: string, args: readonly string[]) => readonly [program: string, args: readonly string[]];
  /** Default `radvd`. */
  program?: string;
}

/** Only to those who ask, only that it is no way out (lifetime 0), and no prefix: machines have IPv4 (RFC 4861 §4.2). */
const configurationFor = (device: string) => `interface ${device} {
  AdvSendAdvert on;
  UnicastOnly on;
  AdvDefaultLifetime 0;
};
`;

/**
 * Answers machines that look for an IPv6 router that there is none, by Debian's radvd. Without an answer iPXE asks for
 * sixteen seconds, and boots only then, though it has long had an IPv4 address. Where radvd is missing or does not run,
 * machines boot that much later; that is told as an event of the rack. Dies with this process, even by kill -9.
 */
export class RouterAdvertiser implements AsyncDisposable {
  readonly #child: ChildProcess;
  #isEnding = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (data) => {
      said = (said + String(data)).slice(-1000);
    });
    child.once('error', (error) => this.#tell(error.message));
    // When it has closed what it wrote to, too.
    child.once('close', (code, signal) => {
      this.#tell(said.trim().split('\n').at(-1) || `it ended (${signal ?? `exit code ${code}`})`);
    });
  }

  static async start(options: RouterAdvertiserOptions): Promise<RouterAdvertiser> {
    const { directory, device, environment, program = 'radvd' } = options;
    const file = join(directory, 'radvd.conf');
    // It refuses one that others may write.
    await writeFile(file, configurationFor(device), { mode: 0o600 });
    const radvd = [program, '--nodaemon', '--logmethod', 'stderr', '--config', file];
    const [command, args] = options.command('setpriv', [
      ...['--pdeathsig', 'KILL', '--', ...radvd],
      ...['--pidfile', join(directory, 'radvd.pid')],
    ]);
    const child = spawn(command, args, { env: environment, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    return new RouterAdvertiser(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #tell(cause: string): void {
    if (this.#isEnding) return;
    const what = `nobody tells machines that there is no IPv6 router, so iPXE looks for one for 16 s: radvd: ${cause}`;
    publishMachineEvent({ machine: 'rack', what });
  }
}
