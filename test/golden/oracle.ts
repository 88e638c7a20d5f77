import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A question to real Go. */
export interface Request {
  readonly template?: string;
  readonly data?: unknown;
  /** Parse and render so many times and answer how long it took. */
  readonly repeat?: number;
  /** YAML to read as a rendered workflow template. */
  readonly workflow?: string;
}

/** What real Go answers: a text, bytes in base64 when they are no UTF-8, or an error. */
export interface Answer {
  readonly output?: string;
  readonly bytes?: string;
  readonly error?: string;
  readonly seconds?: number;
  readonly workflow?: unknown;
}

/** Addresses in memory are different in every run: all of them become the one that ours prints. */
function maskAddresses(line: string): string {
  return line.replace(/\b0x[0-9a-f]{12}\b/g, '0xc000000000');
}

/** Real Go's text/template with sprig, as a child process that answers one line with one line. */
export class Oracle implements Disposable {
  readonly #folder: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];

  /** Builds the Go module beside this file; needs Go and its module proxy. */
  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'capt-golden-'));
    const program = join(this.#folder, 'golden');
    execFileSync('go', ['build', '-o', program, '.'], { cwd: import.meta.dirname, stdio: 'inherit' });
    this.#child = spawn(program, { env: { ...process.env, TZ: 'UTC' }, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line));
  }

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((line) => {
        try {
          resolve(JSON.parse(maskAddresses(line)) as Answer);
        } catch (error) {
          reject(error);
        }
      });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Names of the functions that Go knows besides its own. */
  functions(): string[] {
    return execFileSync(join(this.#folder, 'golden'), ['functions'], { encoding: 'utf8' }).trim().split('\n').sort();
  }

  [Symbol.dispose](): void {
    this.#child.stdin.end();
    this.#lines.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
