import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../api/time/clock.ts';
import type { HalfSession } from './half-session.ts';
import { Session, type SessionParts } from './session.ts';

/** Half-open sessions at most; the oldest makes room, so that a flood of requests takes no memory. */
const halfOpenLimit = 32;
/** How long a handshake may take. */
const handshakeTimeoutMs = 20_000;

export interface SessionTableOptions {
  clock: Clock;
  limit: number;
  timeoutMs: number;
}

/** The sessions of a BMC: few, and only as long as somebody uses them. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  /** In order of age. */
  readonly #half = new Map<number, HalfSession>();
  readonly #active = new Map<number, Session>();

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  /** Sessions that are logged in, and handshakes under way. */
  get size(): { active: number; half: number } {
    return { active: this.#active.size, half: this.#half.size };
  }

  get isFull(): boolean {
    return this.#active.size >= this.#options.limit;
  }

  /** An id that no session has; never 0. */
  freshId(): number {
    for (;;) {
      const id = randomBytes(4).readUInt32LE();
      if (id !== 0 && !this.#half.has(id) && !this.#active.has(id)) return id;
    }
  }

  begin(half: HalfSession): void {
    this.#half.set(half.bmcSessionId, half);
    for (const id of this.#half.keys()) {
      if (this.#half.size <= halfOpenLimit) break;
      this.#half.delete(id);
    }
  }

  half(bmcSessionId: number): HalfSession | undefined {
    return this.#half.get(bmcSessionId);
  }

  findHalf(isIt: (half: HalfSession) => boolean): HalfSession | undefined {
    for (const half of this.#half.values()) if (isIt(half)) return half;
    return undefined;
  }

  /** Keeps the handshake too: its last message may have to be repeated. */
  activate(parts: SessionParts): void {
    this.#active.set(parts.bmcSessionId, new Session(parts, this.#nowMs));
  }

  active(bmcSessionId: number): Session | undefined {
    return this.#active.get(bmcSessionId);
  }

  heard(session: Session): void {
    session.lastHeardMs = this.#nowMs;
    this.#half.delete(session.bmcSessionId);
  }

  /** True when there was one. */
  close(bmcSessionId: number): boolean {
    this.#half.delete(bmcSessionId);
    return this.#active.delete(bmcSessionId);
  }

  /** As a restart of the BMC does. */
  forgetAll(): void {
    this.#half.clear();
    this.#active.clear();
  }

  /** Drops what nobody has used for long. */
  expire(): void {
    const now = this.#nowMs;
    for (const [id, half] of this.#half) if (now - half.bornMs > handshakeTimeoutMs) this.#half.delete(id);
    for (const [id, session] of this.#active) {
      if (now - session.lastHeardMs > this.#options.timeoutMs) this.#active.delete(id);
    }
  }

  get #nowMs(): number {
    return this.#options.clock.monotonic();
  }
}
