import { piWords } from './pi.ts';

const subkeys = 18;
const boxes = 1024;
let initial: Uint32Array | undefined;

/** The Blowfish cipher with the key schedule of bcrypt. */
export class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;
  #left = 0;
  #right = 0;

  constructor() {
    initial ??= piWords(subkeys + boxes);
    this.#p = initial.slice(0, subkeys);
    this.#s = initial.slice(subkeys);
  }

  /** Mixes a key into the schedule, and a salt if there is one. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    for (let i = 0; i < subkeys; i++) this.#p[i] = at(this.#p, i) ^ at(key, i % key.length);
    let used = 0;
    this.#left = 0;
    this.#right = 0;
    const fill = (words: Uint32Array) => {
      for (let i = 0; i < words.length; i += 2) {
        if (salt !== undefined) {
          this.#left ^= at(salt, used % salt.length);
          this.#right ^= at(salt, (used + 1) % salt.length);
          used += 2;
        }
        this.#encrypt();
        words[i] = this.#left;
        words[i + 1] = this.#right;
      }
    };
    fill(this.#p);
    fill(this.#s);
  }

  /** Encrypts pairs of words in place. */
  encrypt(words: Uint32Array): void {
    for (let i = 0; i < words.length; i += 2) {
      this.#left = at(words, i);
      this.#right = at(words, i + 1);
      this.#encrypt();
      words[i] = this.#left;
      words[i + 1] = this.#right;
    }
  }

  #encrypt(): void {
    const p = this.#p;
    const s = this.#s;
    let left = this.#left ^ at(p, 0);
    let right = this.#right;
    for (let round = 1; round <= 16; round += 2) {
      right ^= mix(s, left) ^ at(p, round);
      left ^= mix(s, right) ^ at(p, round + 1);
    }
    this.#left = right ^ at(p, 17);
    this.#right = left;
  }
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function mix(s: Uint32Array, x: number): number {
  const sum = at(s, (x >>> 24) & 0xff) + at(s, 256 + ((x >>> 16) & 0xff));
  return ((sum ^ at(s, 512 + ((x >>> 8) & 0xff))) + at(s, 768 + (x & 0xff))) | 0;
}
