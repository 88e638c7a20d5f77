/**
 * Regular expressions as Quamina has them: I-Regexp (RFC 9485), but with `~` where that has a backslash, and a dot for any
 * character at all. They become RE2 expressions, which take linear time.
 */

export type Translated = { readonly expression: string } | { readonly problem: string };

/** Characters that mean something, and after a `~` nothing but themselves. */
const special = '()*+-.?[\\]^{|}~$';
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const category = /^(?:L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)$/;

/** An I-Regexp as an RE2 expression that is anchored at both ends. */
export function translateRegexp(text: string): Translated {
  const reader = new Translator(text);
  try {
    return { expression: `\\A(?s:${reader.alternatives()})\\z` };
  } catch (error) {
    if (error instanceof Fault) return { problem: `${error.message} (character ${reader.at + 1})` };
    throw error;
  }
}

class Fault extends Error {}

/** Goes over the text once. */
class Translator {
  readonly #characters: readonly string[];
  at = 0;
  #open = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  /** Everything; groups are counted, not descended into, so that no nesting is too deep. */
  alternatives(): string {
    let out = '';
    let repeatable = false;
    for (let character = this.#next; character !== undefined; character = this.#next) {
      if ('*+?{'.includes(character)) {
        if (!repeatable)
          throw new Fault(`there is nothing that ${character} could repeat: write ~${character} for itself`);
        out += this.#quantity();
        repeatable = false;
      } else if ('(|)'.includes(character)) {
        out += this.#group(character);
        repeatable = character === ')';
      } else {
        out += this.#atom(character);
        repeatable = true;
      }
    }
    if (this.#open > 0) throw new Fault('a ( without its )');
    return out;
  }

  #group(character: string): string {
    if (character === ')' && this.#open === 0) throw new Fault('a ) without its (: write ~) for itself');
    if (character === '(') this.#open += 1;
    if (character === ')') this.#open -= 1;
    this.at += 1;
    return character === '(' ? '(?:' : character;
  }

  get #next(): string | undefined {
    return this.#characters[this.at];
  }

  #atom(character: string): string {
    if (character === '[') return this.#class();
    if (character === ']' || character === '}') throw new Fault(`write ~${character} for itself`);
    if (character === '~') return this.#category() ?? literal(this.#escaped());
    this.at += 1;
    return character === '.' ? '.' : literal(character);
  }

  #quantity(): string {
    const rest = this.#characters.slice(this.at, this.at + 16).join('');
    const [all, low, comma, high] = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(rest) ?? [];
    if (this.#next !== '{') return this.#characters[this.at++] ?? '';
    if (all === undefined) throw new Fault('after { comes a number, or two with a comma, and }');
    if (high && Number(high) < Number(low)) throw new Fault('the second number is smaller than the first');
    this.at += all.length;
    return `{${low}${comma === undefined ? '' : `,${high}`}}`;
  }

  /** `~p{Lu}`, `~P{L}`. */
  #category(): string | undefined {
    const [, sign, name = ''] =
      /^~([pP])(?:\{(\w{1,2})\})?/.exec(this.#characters.slice(this.at, this.at + 6).join('')) ?? [];
    if (sign === undefined) return undefined;
    if (!category.test(name)) throw new Fault(`~${sign} needs a category in braces, as in ~${sign}{Lu}`);
    this.at += name.length + 4;
    return `\\${sign}{${name}}`;
  }

  #escaped(): string {
    const character = this.#characters[this.at + 1] ?? '';
    if (character === '' || !`${special}nrt`.includes(character)) {
      throw new Fault('after ~ comes one of ( ) * + - . ? [ \\ ] ^ { | } ~ $ n r t p P: write ~~ for a tilde');
    }
    this.at += 2;
    return controls[character] ?? character;
  }

  #class(): string {
    this.at += 1;
    let out = '[';
    if (this.#next === '^') {
      out += '^';
      this.at += 1;
    }
    const begin = this.at;
    while (this.#next !== ']' || this.at === begin) {
      if (this.#next === undefined) throw new Fault('a [ without its ]');
      if (this.#next === ']') throw new Fault('there is nothing between [ and ]');
      const members = this.#category();
      out += members ?? this.#range(begin);
    }
    this.at += 1;
    return `${out}]`;
  }

  /** One character, or two with a dash. */
  #range(begin: number): string {
    const isFirst = this.at === begin;
    const low = this.#member(isFirst);
    if (this.#next !== '-' || this.#characters[this.at + 1] === ']') return literal(low);
    this.at += 1;
    const high = this.#member(false);
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) throw new Fault('a range goes from low to high');
    return `${literal(low)}-${literal(high)}`;
  }

  #member(isFirst: boolean): string {
    const character = this.#next;
    if (character === undefined) throw new Fault('a [ without its ]');
    if (character === '~') return this.#escaped();
    if (character === '[') throw new Fault('write ~[ for itself');
    const isLast = this.#characters[this.at + 1] === ']';
    if (character === '-' && !isFirst && !isLast) throw new Fault('write ~- for a dash in the middle');
    this.at += 1;
    return character;
  }
}

/** A character as nothing but itself, in a class too. */
function literal(character: string): string {
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
