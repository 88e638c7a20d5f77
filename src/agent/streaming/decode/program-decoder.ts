import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { ActionContext, CommandResult, RunningCommand } from '../../actions/action.ts';
import type { Decompressor } from './decompressor.ts';

export type Programs = Pick<ActionContext, 'run' | 'start'>;

/** What is decompressed, for messages. */
export interface Subject {
  readonly url: string;
  readonly format: string;
}

/**
 * A program that decompresses into a named pipe, from which the disk thread reads: the data never passes the main thread, and
 * the pipe is all that lies between the two.
 */
export class ProgramDecoder implements Decompressor {
  readonly #folder: string;
  readonly #subject: Subject;
  readonly output: string;
  /** Holds the pipe open until the program has ended, so that neither side waits for one that never comes. */
  #held: number | undefined;
  readonly #program: RunningCommand;
  readonly #ended: Promise<CommandResult>;
  #result: CommandResult | undefined;

  private constructor(programs: Programs, command: readonly string[], folder: string, subject: Subject) {
    this.#folder = folder;
    this.#subject = subject;
    this.output = join(folder, 'pipe');
    this.#held = openSync(this.output, constants.O_RDWR);
    const redirect = ['-c', 'pipe=$1; shift; exec "$@" >"$pipe"', 'sh', this.output];
    this.#program = programs.start('sh', [...redirect, ...command]);
    // A program that ends early closes its input: what is written to it then fails, and its end says why.
    this.#program.stdin.on('error', () => {});
    this.#program.stdout.resume();
    this.#ended = this.#program.ended.finally(() => this.#letGo());
    this.#ended.then(
      (result) => {
        this.#result = result;
      },
      () => {},
    );
  }

  static async start(programs: Programs, command: readonly string[], subject: Subject): Promise<ProgramDecoder> {
    const folder = mkdtempSync(join(tmpdir(), 'capt-stream-'));
    try {
      await programs.run('mkfifo', [join(folder, 'pipe')]);
      return new ProgramDecoder(programs, command, folder, subject);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async decompress(chunks: AsyncIterator<Uint8Array>): Promise<void> {
    const { stdin } = this.#program;
    // Not `for await`: leaving that would close `chunks`, and the caller wants to see what the program did not read.
    while (this.#result === undefined && !stdin.destroyed) {
      const { done, value } = await chunks.next();
      if (done) break;
      await written(stdin, value);
    }
    stdin.end();
    const cause = problem(await this.#ended);
    if (cause !== undefined) throw new CaptError('IMAGE_CORRUPT', { ...this.#subject, cause });
  }

  async stop(): Promise<void> {
    await this.#program.kill();
    await this.#ended.catch(() => {});
  }

  #letGo(): void {
    if (this.#held !== undefined) closeSync(this.#held);
    this.#held = undefined;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What it complains about, undefined when all went well. Programs that ignore what follows the data only warn. */
function problem({ exitCode, killedBy, stderr }: CommandResult): string | undefined {
  const lines = stderr.trim().split('\n');
  const said = lines.at(-1) ?? '';
  if (exitCode !== 0) return said === '' ? `the program ended with ${killedBy ?? exitCode}` : said;
  return /trailing garbage/i.test(stderr) ? said : undefined;
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
