import { sleep } from '../../../api/time/clock.ts';
import type { CallOptions } from '../../port.ts';
import type { RedfishSettings } from '../options.ts';
import { taskOutcomeOf } from '../task.ts';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { refusalOf } from './refusal.ts';
import { retryAfterSeconds } from './retry-after.ts';

const longestPollSeconds = 10;

/** Follows what a BMC does after it has answered 202, until that is done (DSP0266 §12.2). */
export class TaskMonitor {
  readonly #exchange: Exchange;
  readonly #settings: RedfishSettings;
  readonly #read: (path: string, call: CallOptions) => Promise<Answer>;

  /** `read` gets a path, logged in. */
  constructor(
    exchange: Exchange,
    settings: RedfishSettings,
    read: (path: string, call: CallOptions) => Promise<Answer>,
  ) {
    this.#exchange = exchange;
    this.#settings = settings;
    this.#read = read;
  }

  /** @throws BmcError `rejected` when the task fails, `busy` when it takes too long */
  async follow(path: string, accepted: Answer, what: string, call: CallOptions): Promise<Answer> {
    const { clock, peer } = this.#exchange;
    const endMs = clock.monotonic() + this.#settings.taskTimeoutSeconds * 1000;
    let answer = accepted;
    for (let looks = 0; ; looks++) {
      if (clock.monotonic() >= endMs) {
        const seconds = this.#settings.taskTimeoutSeconds;
        throw peer.error('busy', `${what}: the BMC's task is still not done after ${seconds} s`);
      }
      await sleep(clock, this.#pauseMs(answer), call.signal);
      answer = await this.#read(path, call);
      // Some BMCs drop a task as soon as it is done.
      if (looks > 0 && (answer.status === 404 || answer.status === 410)) return answer;
      const outcome = this.#outcomeOf(answer, what);
      if (outcome === undefined) return answer;
    }
  }

  /** `undefined` when it is over and went well. */
  #outcomeOf(answer: Answer, what: string): 'running' | undefined {
    const { clock, peer } = this.#exchange;
    const task = taskOutcomeOf(answer.json);
    if (answer.status === 202) return 'running';
    if (!answer.ok) throw refusalOf(answer, what, peer, clock.now());
    if (task?.state === 'failed') throw peer.error('rejected', `${what}: ${task.text}`);
    return task?.state === 'running' ? 'running' : undefined;
  }

  #pauseMs(answer: Answer): number {
    const asked = retryAfterSeconds(answer.header('retry-after'), this.#exchange.clock.now());
    const usual = this.#settings.taskPollSeconds;
    // Some say 0, and mean nothing by it.
    return Math.min(Math.max(asked ?? usual, Math.min(usual, 0.1)), longestPollSeconds) * 1000;
  }
}
