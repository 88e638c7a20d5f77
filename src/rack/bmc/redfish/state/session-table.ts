import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../../api/time/clock.ts';

export interface Session {
  id: string;
  token: string;
  user: string;
}

interface Entry extends Session {
  usedMs: number;
}

/** The sessions that are open. */
export class SessionTable {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #timeoutMs: number;
  readonly #entries = new Map<string, Entry>();
  #nextId = 1;
  /** How many there ever were. */
  opened = 0;

  constructor(options: { clock: Clock; limit: number; timeoutMs: number }) {
    this.#clock = options.clock;
    this.#limit = options.limit;
    this.#timeoutMs = options.timeoutMs;
  }

  get size(): number {
    this.#expire();
    return this.#entries.size;
  }

  get ids(): string[] {
    this.#expire();
    return [...this.#entries.keys()];
  }

  /** `undefined` when there are as many as can be. */
  open(user: string): Session | undefined {
    if (this.size >= this.#limit) return undefined;
    const entry = { id: String(this.#nextId++), token: randomBytes(16).toString('hex'), user, usedMs: this.#now() };
    this.#entries.set(entry.id, entry);
    this.opened += 1;
    return entry;
  }

  get(id: string): Session | undefined {
    return this.#entries.get(id);
  }

  /** The session of a token, which is thereby used. */
  use(token: string): Session | undefined {
    this.#expire();
    const entry = [...this.#entries.values()].find((session) => session.token === token);
    if (entry !== undefined) entry.usedMs = this.#now();
    return entry;
  }

  close(id: string): boolean {
    return this.#entries.delete(id);
  }

  /** Forgets all, as on a restart of the BMC. */
  forget(): void {
    this.#entries.clear();
  }

  #expire(): void {
    const oldestMs = this.#now() - this.#timeoutMs;
    for (const [id, { usedMs }] of this.#entries) if (usedMs <= oldestMs) this.#entries.delete(id);
  }

  #now(): number {
    return this.#clock.monotonic();
  }
}
