import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../api/errors/capt-error.ts';
import { runCommand } from '../../../bootstrap/process/command.ts';
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
  readonly #end = new AbortController();
  readonly #ended: Promise<void>;

  private constructor(program: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    const { signal } = this.#end;
    this.#ended = runCommand(program, args, { environment, endsWithUs: true, signal }).then(
      ({ exitCode, tail }) => tell(tail.at(-1) ?? `exit code ${exitCode}`),
      (error) => {
        if (!signal.aborted) tell(messageOf(error));
      },
    );
  }

  static async start(options: RouterAdvertiserOptions): Promise<RouterAdvertiser> {
    const { directory, device, environment, program = 'radvd' } = options;
    const file = join(directory, 'radvd.conf');
    // It refuses one that others may write.
    await writeFile(file, configurationFor(device), { mode: 0o600 });
    const args = ['--nodaemon', '--logmethod', 'stderr', '--config', file, '--pidfile', join(directory, 'radvd.pid')];
    return new RouterAdvertiser(...options.command(program, args), environment);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#ended;
  }
}

function tell(cause: string): void {
  const what = `nobody tells machines that there is no IPv6 router, so iPXE looks for one for 16 s: radvd: ${cause}`;
  publishMachineEvent({ machine: 'rack', what });
}
