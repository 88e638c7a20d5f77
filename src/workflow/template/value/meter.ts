import { LimitError } from './error.ts';

/** How much one render may do. */
export interface Limits {
  /** Bytes written. The original's limit. */
  readonly outputBytes: number;
  /** Nodes walked, calls made, elements and regular expression states visited. */
  readonly steps: number;
  /** Bytes of all strings made on the way, those thrown away included. */
  readonly workBytes: number;
  /** Templates inside templates, and values inside values. */
  readonly depth: number;
}

/** Far beyond any real template, and reached in well under a second. */
export const defaultLimits: Limits = {
  outputBytes: 256 * 1024,
  steps: 2_000_000,
  workBytes: 64 * 1024 * 1024,
  depth: 500,
};

/** Counts what a render does and ends it when it does too much. */
export class Meter {
  readonly limits: Limits;
  #steps: number;
  #bytes: number;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#steps = limits.steps;
    this.#bytes = limits.workBytes;
  }

  /** Takes `count` steps. */
  step(count = 1): void {
    this.#steps -= count;
    if (!(this.#steps >= 0)) throw new LimitError(`rendering takes more than ${this.limits.steps} steps`);
  }

  /** Makes `count` bytes. To be called before they are made. */
  grow(count: number): void {
    this.#bytes -= count;
    if (!(this.#bytes >= 0)) throw new LimitError(`rendering takes more than ${this.limits.workBytes} bytes of memory`);
  }

  /** Goes down to a depth of nesting. */
  descend(depth: number): void {
    if (depth > this.limits.depth) throw new LimitError(`values are nested more than ${this.limits.depth} deep`);
  }
}
