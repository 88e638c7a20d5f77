import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of this benchmark in a process of its own, which answers messages. */
export class Child<Answer> {
  readonly #process: ChildProcess;

  constructor(program: string, args: string[]) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    this.#process = fork(path, args, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** The next thing it tells. */
  async told<T = Answer>(): Promise<T> {
    const over = new AbortController();
    try {
      const { signal } = over;
      const ended = once(this.#process, 'exit', { signal }).then(([code]) => {
        throw new Error(`a process of the benchmark ended with ${code}`);
      });
      const [message] = (await Promise.race([once(this.#process, 'message', { signal }), ended])) as [T];
      ended.catch(() => {});
      return message;
    } finally {
      over.abort();
    }
  }

  async ask(): Promise<Answer> {
    const answer = this.told();
    this.#process.send('figures');
    return await answer;
  }

  stop(): void {
    this.#process.kill();
  }
}
