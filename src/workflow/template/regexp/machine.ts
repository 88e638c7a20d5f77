import type { Meter } from '../value/meter.ts';
import { runeAt, runeBefore } from '../value/runes.ts';
import type { Program } from './program.ts';
import type { Assertion } from './syntax.ts';

/** Byte offsets: of the whole match, then of every group; -1 for groups that took no part. */
export type Captures = readonly number[];

interface Thread {
  readonly at: number;
  readonly captures: Captures;
}

/** A place between two runes: before the first and after the last one there is nothing. */
interface Place {
  readonly at: number;
  readonly before: number;
  readonly after: number;
  /** Bytes of the rune after it, 0 at the end. */
  readonly size: number;
}

const nowhere = -1;

function isWord(code: number): boolean {
  return (
    code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a && code < 0x80)
  );
}

/**
 * Runs a program over a text by following all its ways at the same time: no expression takes more time than its size
 * times that of the text, and every step is counted.
 */
export class Machine {
  readonly #program: Program;
  readonly #text: string;
  readonly #meter: Meter;
  /** The round in which an instruction was reached last: once a round is enough. */
  readonly #seen: Int32Array;
  #round = 0;

  constructor(program: Program, text: string, meter: Meter) {
    this.#program = program;
    this.#text = text;
    this.#meter = meter;
    this.#seen = new Int32Array(program.instructions.length).fill(nowhere);
  }

  /** The leftmost match that begins at an offset or later; of several there the one the expression prefers. */
  find(from: number): Captures | undefined {
    let matched: Captures | undefined;
    let threads: Thread[] = [];
    let place = this.#placeAt(from, from === 0 ? nowhere : runeBefore(this.#text, from).code);
    this.#round++;
    for (;;) {
      // As long as nothing has matched, a match may begin here; what began earlier is preferred.
      if (matched === undefined) this.#add(threads, this.#program.start, this.#empty(), place);
      if (threads.length === 0 && matched !== undefined) return matched;
      const next = this.#placeAt(place.at + place.size, place.after);
      this.#round++;
      const step = this.#step(threads, place, next);
      matched = step.matched ?? matched;
      if (place.size === 0) return matched;
      threads = step.threads;
      place = next;
    }
  }

  #placeAt(at: number, before: number): Place {
    const rune = at < this.#text.length ? runeAt(this.#text, at) : undefined;
    return { at, before, after: rune?.code ?? nowhere, size: rune?.size ?? 0 };
  }

  /** Lets all threads take the rune at a place, unless one of them is at its end: those after it are less preferred. */
  #step(threads: readonly Thread[], place: Place, next: Place): { threads: Thread[]; matched?: Captures } {
    const survivors: Thread[] = [];
    for (const thread of threads) {
      this.#meter.step();
      const instruction = this.#program.instructions[thread.at];
      if (instruction?.op === 'match') return { threads: survivors, matched: thread.captures };
      if (instruction?.op === 'set' && place.size > 0 && instruction.set(place.after)) {
        this.#add(survivors, instruction.next, thread.captures, next);
      }
    }
    return { threads: survivors };
  }

  #empty(): Captures {
    return Array.from({ length: 2 * this.#program.names.length }, () => nowhere);
  }

  /** Adds a thread, following everything that takes no character, the preferred way first. */
  #add(threads: Thread[], start: number, captures: Captures, { at, before, after }: Place): void {
    const pending: Thread[] = [{ at: start, captures }];
    for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
      if (this.#seen[thread.at] === this.#round) continue;
      this.#seen[thread.at] = this.#round;
      this.#meter.step();
      const instruction = this.#program.instructions[thread.at];
      if (instruction === undefined) continue;
      if (instruction.op === 'split') {
        pending.push({ at: instruction.other, captures: thread.captures });
        pending.push({ at: instruction.next, captures: thread.captures });
      } else if (instruction.op === 'save') {
        pending.push({ at: instruction.next, captures: thread.captures.with(instruction.slot, at) });
      } else if (instruction.op !== 'assert') {
        threads.push(thread);
      } else if (holds(instruction.assertion, before, after)) {
        pending.push({ at: instruction.next, captures: thread.captures });
      }
    }
  }
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'beginText':
      return before === nowhere;
    case 'endText':
      return after === nowhere;
    case 'beginLine':
      return before === nowhere || before === 0x0a;
    case 'endLine':
      return after === nowhere || after === 0x0a;
    case 'wordBoundary':
      return isWord(before) !== isWord(after);
    default:
      return isWord(before) === isWord(after);
  }
}
