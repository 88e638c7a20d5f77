import { channel } from 'node:diagnostics_channel';

/** What the agent tells about itself. Its log subscribes, and tests; nobody listening costs next to nothing. */
class Channel<T> {
  readonly #channel;

  constructor(name: string) {
    this.#channel = channel(`capt.agent.${name}`);
  }

  publish(message: T): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(message);
  }

  /** @returns the way to stop listening */
  subscribe(listener: (message: T) => void): () => void {
    const onMessage = (message: unknown) => listener(message as T);
    this.#channel.subscribe(onMessage);
    return () => this.#channel.unsubscribe(onMessage);
  }
}

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** One thing worth a line of the log: names, counts and times, never a secret. */
export const agentEvent = new Channel<{
  readonly level: Level;
  readonly what: string;
  readonly fields?: Readonly<Record<string, string | number | boolean | undefined>>;
}>('event');

/** One line of output of an action. */
export const actionOutput = new Channel<{ readonly action: string; readonly line: string }>('action.output');
