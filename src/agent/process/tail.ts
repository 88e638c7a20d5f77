import { StringDecoder } from 'node:string_decoder';

const keptBytes = 64 * 1024;
const longestLine = 8 * 1024;

/** Keeps the end of a stream of text and gives its lines: a program that prints for ever fills no memory. */
export class Tail {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #kept = '';
  #line = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (this.#line !== '') this.#onLine(this.#line);
    this.#line = '';
  }

  get text(): string {
    return this.#kept;
  }

  #take(text: string): void {
    this.#kept = (this.#kept + text).slice(-keptBytes);
    // Progress bars end their lines with a carriage return only.
    const lines = (this.#line + text).split(/\r\n|\n|\r/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) if (line !== '') this.#onLine(line);
    if (this.#line.length > longestLine) {
      this.#onLine(this.#line);
      this.#line = '';
    }
  }
}
