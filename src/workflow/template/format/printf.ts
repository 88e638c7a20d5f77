import type { Meter } from '../value/meter.ts';
import { encodeRune, runeAt } from '../value/runes.ts';
import { type Any, GoInteger } from '../value/value.ts';
import { type Flags, noFlags } from './flags.ts';
import { Printer, typeName } from './printer.ts';

/** Widths beyond this are no widths. */
const largest = 1_000_000;

const flagNames: Readonly<Record<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>> = {
  '#': 'sharp',
  '0': 'zero',
  '+': 'plus',
  '-': 'minus',
  ' ': 'space',
};

/** `fmt.Sprintf`. Mistakes in the format become part of the text, as in Go. */
export function sprintf(meter: Meter, format: string, args: readonly Any[]): string {
  return new Formatter(meter, format, args).run();
}

class Formatter {
  readonly #meter: Meter;
  readonly #format: string;
  readonly #args: readonly Any[];
  #at = 0;
  #next = 0;
  #out = '';
  /** An explicit index was used: extra arguments are then no mistake. */
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;

  constructor(meter: Meter, format: string, args: readonly Any[]) {
    this.#meter = meter;
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#at);
      const end = percent < 0 ? this.#format.length : percent;
      this.#write(this.#format.slice(this.#at, end));
      this.#at = end + 1;
      if (percent < 0) break;
      this.#meter.step();
      if (!this.#directive()) break;
    }
    this.#extra();
    return this.#out;
  }

  #write(text: string): void {
    this.#meter.grow(text.length);
    this.#out += text;
  }

  /** One directive after its percent sign; false when the format ends inside it. */
  #directive(): boolean {
    this.#goodIndex = true;
    const flags = this.#flags();
    this.#index();
    this.#width(flags);
    this.#precision(flags);
    if (!this.#afterIndex) this.#index();
    if (this.#at >= this.#format.length) {
      this.#write('%!(NOVERB)');
      return false;
    }
    const { code, size } = runeAt(this.#format, this.#at);
    this.#at += size;
    this.#verb(encodeRune(code), flags);
    return true;
  }

  #flags(): Flags {
    const flags = noFlags();
    for (; ; this.#at++) {
      const char = this.#format.charAt(this.#at);
      const name = Object.hasOwn(flagNames, char) ? flagNames[char] : undefined;
      if (name === undefined) return flags;
      flags[name] = true;
    }
  }

  #width(flags: Flags): void {
    if (this.#format.charAt(this.#at) === '*') {
      this.#at++;
      flags.width = this.#numberArgument();
      if (flags.width === undefined) this.#write('%!(BADWIDTH)');
      else if (flags.width < 0) {
        flags.width = -flags.width;
        flags.minus = true;
        flags.zero = false;
      }
      this.#afterIndex = false;
      return;
    }
    flags.width = this.#number();
    if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
  }

  #precision(flags: Flags): void {
    if (this.#format.charAt(this.#at) !== '.' || this.#at + 1 >= this.#format.length) return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#index();
    if (this.#format.charAt(this.#at) !== '*') {
      flags.precision = this.#number() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#numberArgument();
    flags.precision = precision !== undefined && precision < 0 ? undefined : precision;
    if (flags.precision === undefined) this.#write('%!(BADPREC)');
    this.#afterIndex = false;
  }

  /** An explicit argument index such as `[2]`, if there is one here. */
  #index(): void {
    this.#afterIndex = false;
    if (this.#format.charAt(this.#at) !== '[') return;
    this.#reordered = true;
    const end = this.#format.indexOf(']', this.#at);
    const isShort = this.#format.length - this.#at < 3;
    const digits = end < 0 || isShort ? '' : this.#format.slice(this.#at + 1, end);
    const isNumber = /^[0-9]+$/.test(digits) && Number(digits) <= largest * 10;
    const index = Number(digits) - 1;
    this.#at = end < 0 || isShort ? this.#at + 1 : end + 1;
    this.#afterIndex = isNumber;
    if (isNumber && index >= 0 && index < this.#args.length) this.#next = index;
    else this.#goodIndex = false;
  }

  #number(): number | undefined {
    let digits = '';
    for (; /^[0-9]$/.test(this.#format.charAt(this.#at)); this.#at++) {
      if (Number(digits) > largest) {
        // Go gives up on the whole format here.
        this.#at = this.#format.length;
        return undefined;
      }
      digits += this.#format.charAt(this.#at);
    }
    return digits === '' ? undefined : Number(digits);
  }

  #numberArgument(): number | undefined {
    if (this.#next >= this.#args.length) return undefined;
    const arg = this.#args[this.#next++];
    if (!(arg instanceof GoInteger)) return undefined;
    const value = Number(arg.value);
    return Math.abs(value) > largest ? undefined : value;
  }

  #verb(verb: string, flags: Flags): void {
    if (verb === '%') this.#write('%');
    else if (!this.#goodIndex) this.#write(`%!${verb}(BADINDEX)`);
    else if (this.#next >= this.#args.length) this.#write(`%!${verb}(MISSING)`);
    else {
      const shown = verb === 'v' || verb === 'w' ? goSyntax(flags) : flags;
      this.#write(new Printer(this.#meter, verb, shown).argument(this.#args[this.#next++] ?? null));
    }
  }

  #extra(): void {
    if (this.#reordered || this.#next >= this.#args.length) return;
    const extra = this.#args.slice(this.#next).map((arg) => {
      return arg === null ? '<nil>' : `${typeName(arg)}=${new Printer(this.#meter, 'v').argument(arg)}`;
    });
    this.#write(`%!(EXTRA ${extra.join(', ')})`);
  }
}

function goSyntax(flags: Flags): Flags {
  return { ...flags, sharpV: flags.sharp, sharp: false, plusV: flags.plus, plus: false };
}
