import { workflowLibrary } from '../../../src/workflow/template/library.ts';
import type { Param } from '../../../src/workflow/template/value/function.ts';
import type { Random } from '../../faults/random.ts';
import { supersets } from '../exceptions.ts';
import { anyText, type Language, literal, textOf } from './words.ts';

/** Functions whose results nobody can foresee, those that take long, and those that Go has not. */
const unforeseeable = new Set([
  ...supersets.keys(),
  'ago',
  'bcrypt',
  'buildCustomCert',
  'derivePassword',
  'durationRound',
  'encryptAES',
  'genCA',
  'genCAWithKey',
  'genPrivateKey',
  'genSelfSignedCert',
  'genSelfSignedCertWithKey',
  'genSignedCert',
  'genSignedCertWithKey',
  'htpasswd',
  'keys',
  'randInt',
  'shuffle',
  'values',
]);

/** What some functions expect in their parameters, by number. */
const languages: Readonly<Record<string, readonly (Language | undefined)[]>> = {
  printf: ['format'],
  fromYaml: ['yaml'],
  toYaml: ['yaml'],
  fromJson: ['json'],
  mustFromJson: ['json'],
  semver: ['version'],
  semverCompare: ['version', 'version'],
  toDate: ['date', 'date'],
  mustToDate: ['date', 'date'],
  urlParse: ['url'],
  regexQuoteMeta: ['regex'],
  ...Object.fromEntries(
    [...workflowLibrary.functions.keys()]
      .filter((name) => /regex/i.test(name) && name !== 'regexQuoteMeta')
      .map((name) => [name, ['regex', 'regex'] as const]),
  ),
};

const functions = new Map(
  [...workflowLibrary.builtins, ...workflowLibrary.functions].filter(([name]) => !unforeseeable.has(name)),
);
const names = [...functions.keys()];
const spoken = Object.keys(languages);
const fields = ['s', 'n', 'f', 't', 'nil', 'l', 'm', 'e', 'missing', 'm.a', 'm.b', 'l.x', 'm.x.y', 'h', 'dates', 's.x'];

/** Makes templates: mostly sensible ones, with all the mistakes that people make, and some that nobody makes. */
export class Grammar {
  readonly #random: Random;
  #variables: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  template(): string {
    this.#variables = ['$'];
    const text = this.#list(3);
    if (this.#random.chance(0.9)) return text;
    return this.#broken(text);
  }

  /** A template with something cut out, doubled or put in. */
  #broken(text: string): string {
    const at = this.#random.below(text.length + 1);
    const length = this.#random.below(4);
    const put = this.#random.pick([
      '',
      '{{',
      '}}',
      '"',
      '(',
      ')',
      '|',
      '.',
      '$',
      '-',
      ' ',
      '=',
      ':=',
      ',',
      'é',
      '\n',
      '`',
      "'a'",
      '1',
      '{{end}}',
      '{{else}}',
      '/*',
      '\\',
    ]);
    return text.slice(0, at) + put + text.slice(at + length);
  }

  #list(depth: number): string {
    return Array.from({ length: 1 + this.#random.below(3) }, () => this.#node(depth)).join('');
  }

  #node(depth: number): string {
    const random = this.#random;
    if (random.chance(0.2)) return random.pick(['text ', '\n', ' x ', '  \n ', 'é']);
    if (depth === 0 || random.chance(0.6)) return this.#action(this.#pipeline(2));
    switch (random.below(8)) {
      case 0:
        return `${this.#action(`if ${this.#pipeline(2)}`)}${this.#list(depth - 1)}${this.#else(depth, 'if')}{{end}}`;
      case 1:
        return `${this.#action(`with ${this.#pipeline(2)}`)}${this.#list(depth - 1)}${this.#else(depth, 'with')}{{end}}`;
      case 2:
      case 3:
        return this.#range(depth);
      case 4: {
        const name = `$v${random.below(3)}`;
        this.#variables.push(name);
        return this.#action(`${name} ${random.chance(0.8) ? ':=' : '='} ${this.#pipeline(2)}`);
      }
      case 5:
        return `{{define "t${random.below(3)}"}}${this.#list(0)}{{end}}`;
      case 6:
        return this.#action(`template "t${random.below(3)}" ${this.#pipeline(1)}`);
      default:
        return `{{block "b${random.below(3)}" ${this.#pipeline(1)}}}${this.#list(0)}{{end}}`;
    }
  }

  #range(depth: number): string {
    const random = this.#random;
    const kept = this.#variables.length;
    const head = random.pick(['', '$i, $x := ', '$x := ', '']);
    if (head !== '') this.#variables.push('$x');
    const body = this.#list(depth - 1) + random.pick(['', '', '{{break}}', '{{continue}}']);
    const text = `${this.#action(`range ${head}${this.#pipeline(1)}`)}${body}${random.chance(0.3) ? `{{else}}${this.#list(0)}` : ''}{{end}}`;
    this.#variables.length = kept;
    return text;
  }

  #else(depth: number, keyword: string): string {
    if (this.#random.chance(0.5)) return '';
    if (this.#random.chance(0.3)) return `{{else ${keyword} ${this.#pipeline(1)}}}${this.#list(depth - 1)}`;
    return `{{else}}${this.#list(depth - 1)}`;
  }

  #action(inside: string): string {
    const random = this.#random;
    return `{{${random.chance(0.1) ? '- ' : ''}${inside}${random.chance(0.1) ? ' -' : ''}}}`;
  }

  #pipeline(depth: number): string {
    const first = this.#command(depth);
    if (!this.#random.chance(0.3)) return first;
    return `${first} | ${this.#random.pick(names)}${this.#random.chance(0.5) ? ` ${this.#operand(0)}` : ''}`;
  }

  #command(depth: number): string {
    return this.#random.chance(0.7) ? this.#call(depth) : this.#operand(depth);
  }

  #call(depth: number): string {
    const random = this.#random;
    const name = random.pick(random.chance(0.25) ? spoken : names);
    const fn = functions.get(name);
    const params = fn?.params ?? [];
    const extra = fn?.rest === undefined ? 0 : random.below(4);
    const wrong = random.chance(0.05) ? random.pick([-1, 1]) : 0;
    const count = Math.max(params.length + extra + wrong, 0);
    const args = Array.from({ length: count }, (_, i) => {
      const language = languages[name]?.[i];
      if (language !== undefined && random.chance(0.8)) return literal(textOf(language, random), random);
      return this.#argument(params[i] ?? fn?.rest, depth - 1);
    });
    return [name, ...args].join(' ');
  }

  #argument(param: Param<unknown> | undefined, depth: number): string {
    const random = this.#random;
    if (param?.type === undefined || random.chance(0.1)) return this.#operand(depth);
    switch (param.type.kind) {
      case 'string':
        return random.pick([literal(anyText(random), random), '.s', '$.s', `(print ${this.#operand(depth)})`]);
      case 'int':
      case 'uint32':
        return random.pick(['0', '1', '2', '-1', '3', '10', '100', '(int .n)', '-5', '7']);
      case 'float64':
        return random.pick(['0.5', '1', '.f', '-2.25', '1e3']);
      case 'bool':
        return random.pick(['true', 'false', '.t', '(eq 1 1)']);
      case 'map':
        return random.pick(['.m', '(dict "a" 1)', '(dict)', '.e', `(dict "k" ${this.#operand(depth)})`, '.h']);
      case 'slice':
        return random.pick(['.l', '(list 1 2)', '(list)', 'nil']);
      default:
        return this.#operand(depth);
    }
  }

  #operand(depth: number): string {
    const random = this.#random;
    if (depth > 0 && random.chance(0.4)) return `(${this.#pipeline(depth - 1)})${random.chance(0.1) ? '.a' : ''}`;
    switch (random.below(9)) {
      case 0:
        return random.pick([
          '1',
          '0',
          '-3',
          '2.5',
          '1e6',
          '0x1F',
          "'a'",
          '1_000',
          '100',
          '1i',
          '9223372036854775807',
          '.5',
        ]);
      case 1:
      case 2:
        return literal(anyText(random), random);
      case 3:
        return random.pick(['true', 'false', 'nil', '.', '$']);
      case 4:
        return random.pick(this.#variables) + (random.chance(0.2) ? `.${random.pick(fields)}` : '');
      case 5:
        return random.pick([
          '(list 1 "a" 2.5)',
          '(list)',
          '(dict "a" 1)',
          '(until 3)',
          '(splitList "," "b,a")',
          '(semver "1.2.3")',
          '(list nil (list 1))',
          '(toDate "2006" "2020")',
        ]);
      default:
        return `.${random.pick(fields)}`;
    }
  }
}
