import { type Clock, systemClock } from '../../api/time/clock.ts';

/** Why a wait is over. */
export type WaitEnd = 'woken' | 'expired' | 'replaced' | 'stopped' | 'gone';

/** Agents that wait for work: one wait an agent, each a timer and an entry in a map, woken by name. */
export class WaitingAgents {
  readonly #waiters = new Map<string, (end: WaitEnd) => void>();
  readonly #clock: Clock;
  #stopped = false;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  has(agentId: string): boolean {
    return this.#waiters.has(agentId);
  }

  /** Waits until the agent is woken, for at most `delayMs`. A newer wait of the same agent ends this one. */
  wait(agentId: string, delayMs: number, signal: AbortSignal): Promise<WaitEnd> {
    this.#waiters.get(agentId)?.('replaced');
    return new Promise((resolve) => {
      const end = (why: WaitEnd) => {
        cancel();
        signal.removeEventListener('abort', leave);
        if (this.#waiters.get(agentId) === end) this.#waiters.delete(agentId);
        resolve(why);
      };
      const leave = () => end('gone');
      const cancel = this.#clock.after(delayMs, () => end('expired'));
      this.#waiters.set(agentId, end);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      else if (this.#stopped) end('stopped');
    });
  }

  wake(agentId: string): void {
    this.#waiters.get(agentId)?.('woken');
  }

  /** Ends all waits, and those that come. */
  stop(): void {
    this.#stopped = true;
    for (const end of [...this.#waiters.values()]) end('stopped');
  }
}
