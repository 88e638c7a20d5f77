import { anyMap, anySlice, type GoType, types } from './type.ts';

/**
 * A Go value. Strings (of bytes), booleans and float64 are JavaScript's own; everything else has a class that knows its
 * Go type. `null` stands for a nil interface wherever an interface is expected.
 */
export type Value =
  | string
  | boolean
  | number
  | GoInteger
  | GoComplex
  | GoMap
  | GoSlice
  | GoStruct
  | GoPointer
  | GoObject;

/** What an `interface{}` holds. */
export type Any = Value | null;

/** Value of a variable of type `interface{}`: Go still knows there that it came through an interface. */
export class Boxed {
  readonly value: Any;

  constructor(value: Any) {
    this.value = value;
  }
}

/** What evaluation works on; `undefined` is no value at all, which prints as `<no value>`. */
export type Operand = Value | Boxed | undefined;

/** What is in an operand: the interface, if there was one, is opened. */
export function unbox(operand: Operand): Value | undefined {
  return operand instanceof Boxed ? (operand.value ?? undefined) : operand;
}

/** An integer of any width. */
export class GoInteger {
  readonly value: bigint;
  readonly type: GoType;

  constructor(value: bigint, type: GoType = types.int) {
    this.value = value;
    this.type = type;
  }
}

/** A complex128. */
export class GoComplex {
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    this.real = real;
    this.imaginary = imaginary;
  }
}

/** A map with string keys. The only value that templates can change (`set`, `unset`, `merge`). */
export class GoMap {
  readonly entries: Map<string, Any>;
  readonly type: GoType;
  readonly isNil: boolean;

  constructor(entries: Map<string, Any> = new Map(), type: GoType = anyMap, isNil = false) {
    this.entries = entries;
    this.type = type;
    this.isNil = isNil;
  }

  /** Keys as Go orders them when it prints or ranges. */
  sortedKeys(): string[] {
    return [...this.entries.keys()].sort(compareBytes);
  }

  /** What is under a key, as indexing gives it; `undefined` when there is no such key. */
  get(key: string): Operand {
    const value = this.entries.get(key);
    return value === undefined ? undefined : asElement(value, this.type);
  }
}

/** A slice. */
export class GoSlice {
  readonly items: readonly Any[];
  readonly type: GoType;
  readonly isNil: boolean;
  /** What lies behind the last element up to the capacity: slicing a slice can bring it back. */
  readonly tail: readonly Any[];

  constructor(items: readonly Any[], type: GoType = anySlice, isNil = false, tail: readonly Any[] = []) {
    this.items = items;
    this.type = type;
    this.isNil = isNil;
    this.tail = tail;
  }

  get capacity(): number {
    return this.items.length + this.tail.length;
  }

  at(index: number): Operand {
    const item = this.items[index];
    return item === undefined ? undefined : asElement(item, this.type);
  }

  /** Sorts the elements where they are: whoever holds this slice sees it. */
  sort(compare: (a: Any, b: Any) => number): void {
    const sorted = this.items.toSorted(compare);
    sorted.forEach((item, i) => {
      (this.items as Any[])[i] = item;
    });
  }

  slice(start: number, end: number): GoSlice {
    const all = [...this.items, ...this.tail];
    return new GoSlice(all.slice(start, end), this.type, false, all.slice(end));
  }
}

/** A struct by value. */
export class GoStruct {
  readonly type: GoType;
  readonly fields: ReadonlyMap<string, Any>;

  constructor(type: GoType, fields: ReadonlyMap<string, Any>) {
    this.type = type;
    this.fields = fields;
  }
}

/** A pointer; `null` when nil. */
export class GoPointer {
  readonly type: GoType;
  readonly target: Value | null;

  constructor(type: GoType, target: Value | null) {
    this.type = type;
    this.target = target;
  }
}

/** A value of a library type that shows nothing but methods: a time, a version. */
export class GoObject<T = unknown> {
  readonly type: GoType;
  readonly native: T;
  readonly methods: Methods<T>;

  constructor(type: GoType, native: T, methods: Methods<T>) {
    this.type = type;
    this.native = native;
    this.methods = methods;
  }
}

/** What the methods of a library type are and how it prints. */
export interface Methods<T> {
  /** Go's `String()`, if the type has one. */
  text?(native: T): string;
  /** Go's `MarshalJSON()`, as the text it gives. */
  json(native: T): string;
  /** What Go shows of it to a verb that is not for texts; nothing is shown when this is left out. */
  inside?(native: T, type: GoType): Value;
  /** True when two are equal to Go's `==` and `reflect.DeepEqual`. */
  equal(a: T, b: T): boolean;
}

/** Order of Go strings: by bytes. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function asElement(value: Any, container: GoType): Operand {
  if (container.elem === types.any) return new Boxed(value);
  return value ?? undefined;
}
