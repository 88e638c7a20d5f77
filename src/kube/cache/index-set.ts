/** Computes the values under which an object is found; several or none are fine. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** Secondary indexes over keyed objects: value → keys, per index name. */
export class IndexSet<T> {
  readonly #indexes = new Map<string, { values: IndexFunction<T>; keys: Map<string, Set<string>> }>();

  /**
   * Adds an index over what is there and what will come; the same function under the same name again changes nothing.
   * @throws TypeError when the name stands for another function
   */
  add(name: string, values: IndexFunction<T>, objects: Iterable<readonly [key: string, object: T]>): void {
    const known = this.#indexes.get(name);
    if (known?.values === values) return;
    if (known !== undefined) throw new TypeError(`there is an index "${name}" with another function already`);
    const keys = new Map<string, Set<string>>();
    for (const [key, object] of objects) for (const value of values(object)) add(keys, value, key);
    this.#indexes.set(name, { values, keys });
  }

  /** Moves `key` from where `old` put it to where `object` belongs. */
  update(key: string, old: T | undefined, object: T | undefined): void {
    for (const { values, keys } of this.#indexes.values()) {
      const before = old === undefined ? [] : values(old);
      const after = object === undefined ? [] : values(object);
      for (const value of before) if (!after.includes(value)) remove(keys, value, key);
      for (const value of after) if (!before.includes(value)) add(keys, value, key);
    }
  }

  /** @throws TypeError when there is no index of that name */
  keys(name: string, value: string): Iterable<string> {
    const index = this.#indexes.get(name);
    if (index === undefined)
      throw new TypeError(`no index "${name}"; there are: ${[...this.#indexes.keys()].join(', ')}`);
    return index.keys.get(value) ?? [];
  }
}

function add(keys: Map<string, Set<string>>, value: string, key: string): void {
  const set = keys.get(value);
  if (set === undefined) keys.set(value, new Set([key]));
  else set.add(key);
}

function remove(keys: Map<string, Set<string>>, value: string, key: string): void {
  const set = keys.get(value);
  set?.delete(key);
  if (set?.size === 0) keys.delete(value);
}
