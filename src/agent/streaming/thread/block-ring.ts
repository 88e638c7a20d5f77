/** As much as stays in the cache of a processor until it is written. */
const blockBytes = 256 * 1024;

/** What one side may be ahead of the other. */
const blockCount = 8;

const pageBytes = 4096;
const [change, state, written, taken, lengths] = [0, 1, 2, 3, 4];
const states = { open: 0, ended: 1, broken: 2 };

/**
 * A pipe between two threads: one fills blocks, the other empties them, in order and in place, each blocking while there is
 * nothing for it to do. Only programs below JavaScript may move much of it: V8 is slow with memory that threads share.
 */
export class BlockRing {
  readonly memory: SharedArrayBuffer;
  readonly #control: Int32Array;

  /** Without `memory` of another ring, which then is the same ring, a new one. */
  constructor(memory = new SharedArrayBuffer(pageBytes + blockCount * blockBytes)) {
    this.memory = memory;
    this.#control = new Int32Array(memory, 0, lengths + blockCount);
  }

  /** The block to be filled next; waits until the other side has emptied it. Throws when the ring is broken. */
  room(): Uint8Array {
    const block = this.#await(() => (this.#count() < blockCount ? this.#block(written) : undefined));
    if (block === undefined) throw new Error('nothing is taken any more');
    return block;
  }

  /** The first `length` bytes of what `room` gave are there. */
  push(length: number): void {
    Atomics.store(this.#control, lengths + this.#index(written), length);
    this.#advance(written, 1);
  }

  /** No more comes. */
  end(): void {
    this.#close(states.ended);
  }

  /** For a third who watches both: neither side waits any more, because the other cannot go on. */
  break(): void {
    this.#close(states.broken);
  }

  /** The next block, undefined at the end; waits for it. It is good until the next call. Throws when the ring is broken. */
  *blocks(): Generator<Uint8Array, void> {
    for (;;) {
      const block = this.#await(() => (this.#count() > 0 ? this.#block(taken) : undefined));
      if (block === undefined) return;
      yield block.subarray(0, Atomics.load(this.#control, lengths + this.#index(taken)));
      this.#advance(taken, 1);
    }
  }

  /** What `find` finds, or nothing when there will be nothing. */
  #await<T>(find: () => T | undefined): T | undefined {
    for (;;) {
      const seen = Atomics.load(this.#control, change);
      const closed = Atomics.load(this.#control, state);
      if (closed === states.broken) throw new Error('writing was stopped');
      const found = find();
      if (found !== undefined || closed === states.ended) return found;
      Atomics.wait(this.#control, change, seen);
    }
  }

  #count(): number {
    return Atomics.load(this.#control, written) - Atomics.load(this.#control, taken);
  }

  #index(side: number): number {
    return Atomics.load(this.#control, side) % blockCount;
  }

  #block(side: number): Uint8Array {
    return new Uint8Array(this.memory, pageBytes + this.#index(side) * blockBytes, blockBytes);
  }

  #close(how: number): void {
    // What is broken stays so.
    if (Atomics.compareExchange(this.#control, state, states.open, how) !== states.open && how === states.broken) {
      Atomics.store(this.#control, state, how);
    }
    this.#advance(change, 0);
  }

  #advance(what: number, by: number): void {
    Atomics.add(this.#control, what, by);
    Atomics.add(this.#control, change, 1);
    Atomics.notify(this.#control, change);
  }
}
