import type { DhcpExchange } from './telemetry.ts';

/** Remembers the newest exchanges, so that one can see what a machine asked and why it got no answer. */
export class DhcpJournal {
  readonly #entries: DhcpExchange[] = [];
  readonly #size: number;
  #next = 0;

  /** @param size how many are remembered */
  constructor(size = 1000) {
    this.#size = size;
  }

  get latest(): DhcpExchange | undefined {
    return this.#entries.at(this.#next - 1);
  }

  add(exchange: DhcpExchange): void {
    this.#entries[this.#next] = exchange;
    this.#next = (this.#next + 1) % this.#size;
  }

  /** The newest first; those of one machine when `mac` (in canonical form) is given. */
  recent(mac?: string): DhcpExchange[] {
    const inOrder = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)].reverse();
    return mac === undefined ? inOrder : inOrder.filter((exchange) => exchange.mac === mac);
  }
}
