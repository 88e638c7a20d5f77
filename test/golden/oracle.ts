import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A question to real Go. */
export interface Request {
  readonly template?: string;
  readonly data?: unknown;
  /** Parse and render so many times and answer how long it took. */
  readonly repeat?: number;
  /** With `repeat`: parse only once, before the clock runs. */
  readonly parsed?: boolean;
  /** YAML to read as a rendered workflow template. */
  readonly workflow?: string;
}

/** What real Go answers: a text, bytes in base64 when they are no UTF-8, or an error. */
export interface Answer {
  readonly output?: string;
  readonly bytes?: string;
  readonly error?: string;
  readonly seconds?: number;
  /** Of all threads, garbage collection included. */
  readonly cpuSeconds?: number;
  readonly workflow?: unknown;
}

/** Addresses in memory are different in every run: all of them become the one that ours prints. */
function maskAddresses(line: string): string {
  return line.replace(/\b0xc0[0-9a-f]{8}\b/g, '0xc000000000');
}

/** Go 1.26 puts its heap at a random place, which makes addresses that look like any other number. */
const fixedHeap = { GOEXPERIMENT: 'norandomizedheapbase64' };

/** Real Go's text/template with sprig, as a child process that answers one line with one line. */
export class Oracle implements Disposable {
  readonly #folder: string;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #waiting: ((answer: Answer) => void)[] = [];

  /** Builds the Go module beside this file; needs Go and its module proxy. */
  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'capt-golden-'));
    const env = { ...process.env, ...fixedHeap };
    execFileSync('go', ['build', '-o', this.#program, '.'], { cwd: import.meta.dirname, env, stdio: 'inherit' });
  }

  get #program(): string {
    return join(this.#folder, 'golden');
  }

  ask(request: Request): Promise<Answer> {
    const child = this.#start();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Templates that call themselves without end crash Go: what was asked then is answered so, and Go is started anew. */
  #start(): ChildProcessByStdio<Writable, Readable, null> {
    if (this.#child !== undefined) return this.#child;
    const child = spawn(this.#program, { env: { ...process.env, TZ: 'UTC' }, stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(maskAddresses(line)) as Answer;
      const isLast = this.#waiting.length === 1;
      this.#waiting.shift()?.(answer);
      // What Go has given up on goes on inside of it, and would slow down whatever is asked next.
      if (answer.error === 'golden: timeout' && isLast) {
        this.#child = undefined;
        child.kill('SIGKILL');
      }
    });
    child.stdin.on('error', () => undefined);
    child.once('close', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      const unanswered = this.#waiting;
      this.#waiting = [];
      for (const answer of unanswered) answer({ error: 'golden: crash' });
    });
    this.#child = child;
    return child;
  }

  /** Names of the functions that Go knows besides its own. */
  functions(): string[] {
    return execFileSync(this.#program, ['functions'], { encoding: 'utf8' }).trim().split('\n').sort();
  }

  [Symbol.dispose](): void {
    this.#child?.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
