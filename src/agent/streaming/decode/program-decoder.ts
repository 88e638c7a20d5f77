import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { ActionContext, CommandResult, RunningCommand } from '../../actions/action.ts';

export type Programs = Pick<ActionContext, 'run' | 'start'>;

/**
 * A program that decompresses into a named pipe, from which the disk thread reads: the data never passes the main thread, and
 * the pipe is all that lies between the two.
 */
export class ProgramDecoder {
  readonly #folder: string;
  readonly pipe: string;
  /** Holds the pipe open until the program has ended, so that neither side waits for one that never comes. */
  #held: number | undefined;
  readonly #program: RunningCommand;
  #result: CommandResult | undefined;
  readonly ended: Promise<CommandResult>;

  private constructor(programs: Programs, command: readonly string[], folder: string, pipe: string) {
    this.#folder = folder;
    this.pipe = pipe;
    this.#held = openSync(pipe, constants.O_RDWR);
    this.#program = programs.start('sh', ['-c', 'pipe=$1; shift; exec "$@" >"$pipe"', 'sh', pipe, ...command]);
    // A program that ends early closes its input: what is written to it then fails, and `ended` says why.
    this.#program.stdin.on('error', () => {});
    this.#program.stdout.resume();
    this.ended = this.#program.ended.finally(() => this.#letGo());
    this.ended.then(
      (result) => {
        this.#result = result;
      },
      () => {},
    );
  }

  static async start(programs: Programs, command: readonly string[]): Promise<ProgramDecoder> {
    const folder = mkdtempSync(join(tmpdir(), 'capt-stream-'));
    const pipe = join(folder, 'pipe');
    try {
      await programs.run('mkfifo', [pipe]);
      return new ProgramDecoder(programs, command, folder, pipe);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Gives it all of `chunks`. Resolves when it has taken them, or has ended before. */
  async feed(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    const { stdin } = this.#program;
    // Not `for await`: leaving that would close `chunks`, and the caller wants to see what the program did not read.
    while (this.#result === undefined && !stdin.destroyed) {
      const { done, value } = await chunks.next();
      if (done) break;
      await written(stdin, value);
    }
    stdin.end();
  }

  /** What it complains about, undefined when all went well. Programs that ignore what follows the data only warn. */
  static problem({ exitCode, killedBy, stderr }: CommandResult): string | undefined {
    const lines = stderr.trim().split('\n');
    const said = lines.at(-1) ?? '';
    if (exitCode !== 0) return said === '' ? `the program ended with ${killedBy ?? exitCode}` : said;
    return /trailing garbage/i.test(stderr) ? said : undefined;
  }

  async stop(): Promise<void> {
    await this.#program.kill();
    await this.ended.catch(() => {});
  }

  #letGo(): void {
    if (this.#held !== undefined) closeSync(this.#held);
    this.#held = undefined;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Resolves when the program has it all in its input, or never will: one that ends closes its input. */
function written(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stream.off('close', finish);
      resolve();
    };
    stream.on('close', finish);
    stream.write(bytes, finish);
  });
}
