interface Delayed {
  key: string;
  atMs: number;
}

/** Keys with the time at which each becomes due, the earliest first. A key has at most one time: the earliest asked for. */
export class DelayHeap {
  readonly #heap: Delayed[] = [];
  readonly #dueAt = new Map<string, number>();

  get size(): number {
    return this.#dueAt.size;
  }

  /** When the next key is due, `undefined` when none waits. */
  get nextAtMs(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.atMs;
  }

  add(key: string, atMs: number): void {
    const known = this.#dueAt.get(key);
    if (known !== undefined && known <= atMs) return;
    this.#dueAt.set(key, atMs);
    // The entry of the later time stays in the heap and is passed over when it comes up.
    this.#heap.push({ key, atMs });
    this.#up(this.#heap.length - 1);
  }

  delete(key: string): void {
    this.#dueAt.delete(key);
  }

  /** Takes a key that is due at `nowMs`, if any. */
  takeDue(nowMs: number): string | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#pop();
    this.#dueAt.delete(first.key);
    return first.key;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#dueAt.clear();
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#dueAt.get(first.key) === first.atMs) return;
      this.#pop();
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #down(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const a = this.#heap[child];
    const b = this.#heap[parent];
    if (a === undefined || b === undefined || a.atMs >= b.atMs) return false;
    this.#heap[child] = b;
    this.#heap[parent] = a;
    return true;
  }

  #at(index: number): number {
    return this.#heap[index]?.atMs ?? Number.POSITIVE_INFINITY;
  }
}
