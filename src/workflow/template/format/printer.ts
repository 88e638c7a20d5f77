import { indirect, typeOf } from '../value/inspect.ts';
import type { Meter } from '../value/meter.ts';
import { types } from '../value/type.ts';
import {
  type Any,
  GoComplex,
  GoInteger,
  GoMap,
  GoObject,
  GoPointer,
  GoSlice,
  GoStruct,
  type Value,
} from '../value/value.ts';
import { type Flags, noFlags, pad } from './flags.ts';
import { formatInteger } from './integer.ts';
import { formatComplex, formatReal } from './number.ts';
import { formatString } from './text.ts';

/** Where Go would print an address in memory. Addresses differ from run to run there; here they are all the same. */
const address = 0xc000000000n;

/** Verbs for which a type's own `String()` is used. */
const textVerbs = 'vsxXq';

/** Prints one argument by one verb, as Go's package fmt does. */
export class Printer {
  readonly #meter: Meter;
  readonly #flags: Flags;
  readonly #verb: string;
  /** While a wrong verb is reported, `String()` is left alone. */
  #reporting = false;

  constructor(meter: Meter, verb: string, flags: Flags = noFlags()) {
    this.#meter = meter;
    this.#verb = verb;
    this.#flags = flags;
  }

  /** Prints an argument. */
  argument(value: Any): string {
    if (value === null) {
      return this.#verb === 'T' || this.#verb === 'v' ? pad('<nil>', this.#flags, this.#meter) : this.#wrong(value);
    }
    if (this.#verb === 'T') return formatString(typeOf(value).name, 's', this.#flags, this.#meter) ?? '';
    if (this.#verb === 'p') return this.#pointer(value);
    return this.#value(value, 0);
  }

  #value(value: Any, depth: number): string {
    this.#meter.step();
    this.#meter.descend(depth);
    if (value === null) return this.#nil();
    if (!this.#reporting && !this.#flags.sharpV && textVerbs.includes(this.#verb)) {
      const text = ownText(value);
      if (text !== undefined) return this.#scalar(text) ?? '';
    }
    return this.#scalar(value) ?? this.#compound(value, depth) ?? this.#wrong(value);
  }

  #nil(): string {
    if (this.#flags.sharpV) return 'interface {}(nil)';
    return '<nil>';
  }

  #scalar(value: Value): string | undefined {
    const flags = this.#flags;
    switch (typeof value) {
      case 'string': {
        this.#meter.grow(value.length);
        return formatString(value, this.#verb, flags, this.#meter);
      }
      case 'number':
        return formatReal(value, this.#verb, flags, this.#meter);
      case 'boolean':
        return this.#verb === 't' || this.#verb === 'v' ? pad(String(value), flags, this.#meter) : undefined;
      default:
        if (value instanceof GoInteger) {
          return formatInteger(value.value, value.type.isSigned, this.#verb, flags, this.#meter);
        }
        return value instanceof GoComplex ? formatComplex(value, this.#verb, flags, this.#meter) : undefined;
    }
  }

  #compound(value: Value, depth: number): string | undefined {
    if (value instanceof GoMap) {
      const entries = value
        .sortedKeys()
        .map((key) => `${this.#value(key, depth + 1)}:${this.#value(value.entries.get(key) ?? null, depth + 1)}`);
      return this.#flags.sharpV ? this.#literal(value, entries) : `map[${entries.join(' ')}]`;
    }
    if (value instanceof GoSlice) {
      const items = value.items.map((item) => this.#value(item, depth + 1));
      return this.#flags.sharpV ? this.#literal(value, items) : `[${items.join(' ')}]`;
    }
    if (value instanceof GoStruct) return this.#struct(value, depth);
    if (value instanceof GoPointer) {
      if (depth === 0 && (value.target instanceof GoStruct || value.target instanceof GoMap)) {
        return `&${this.#value(value.target, 1)}`;
      }
      return this.#pointer(value);
    }
    if (!(value instanceof GoObject)) return undefined;
    const inside = value.methods.inside?.(value.native, value.type);
    return inside === undefined ? '{}' : this.#compound(inside, depth);
  }

  #literal(value: GoMap | GoSlice, parts: readonly string[]): string {
    return value.isNil ? `${value.type.name}(nil)` : `${value.type.name}{${parts.join(', ')}}`;
  }

  #struct(value: GoStruct, depth: number): string {
    const { sharpV, plusV } = this.#flags;
    const fields = [...value.fields].map(([name, field]) => {
      const text = this.#value(field, depth + 1);
      return sharpV || plusV ? `${name}:${text}` : text;
    });
    return sharpV ? `${value.type.name}{${fields.join(', ')}}` : `{${fields.join(' ')}}`;
  }

  #pointer(value: Value): string {
    if (value instanceof GoObject) {
      const inside = value.methods.inside?.(value.native, value.type);
      return inside instanceof GoPointer ? this.#pointer(inside) : this.#wrong(value);
    }
    const { isNil } = indirect(value);
    const isPointer = value instanceof GoPointer || value instanceof GoMap || value instanceof GoSlice;
    if (!isPointer) return this.#wrong(value);
    const where = isNil || (!(value instanceof GoPointer) && value.isNil) ? 0n : address;
    const flags = this.#flags;
    switch (this.#verb) {
      case 'v':
        if (flags.sharpV) return `(${typeOf(value).name})(${where === 0n ? 'nil' : `0x${where.toString(16)}`})`;
        if (where === 0n) return pad('<nil>', flags, this.#meter);
        return this.#hex(where);
      case 'p':
        return this.#hex(where);
      case 'b':
      case 'o':
      case 'd':
      case 'x':
      case 'X':
        return formatInteger(where, false, this.#verb, flags, this.#meter) ?? '';
      default:
        return this.#wrong(value);
    }
  }

  #hex(where: bigint): string {
    return formatInteger(where, true, 'x', { ...this.#flags, sharp: !this.#flags.sharp }, this.#meter) ?? '';
  }

  /** `%!d(string=abc)`: how Go says that a verb does not fit. The flags stay in force for the value. */
  #wrong(value: Any): string {
    if (value === null) return `%!${this.#verb}(<nil>)`;
    const plain = new Printer(this.#meter, 'v', this.#flags);
    plain.#reporting = true;
    return `%!${this.#verb}(${typeOf(value).name}=${plain.#value(value, 0)})`;
  }
}

/** What Go's `String()` of a value gives, if it has one. */
export function ownText(value: Value): string | undefined {
  if (value instanceof GoObject) return value.methods.text?.(value.native);
  return value instanceof GoInteger ? value.type.text?.(value.value) : undefined;
}

/** The name of a value's type for messages, `<nil>` for nil. */
export function typeName(value: Any): string {
  return value === null ? '<nil>' : typeOf(value).name;
}

/** True for values that `print` sets no space beside. */
export function isStringKind(value: Any): boolean {
  return value !== null && typeOf(value) === types.string;
}
