import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Random } from '../../../test/faults/random.ts';
import { anyData } from '../../../test/golden/fuzz/data.ts';
import { Grammar } from '../../../test/golden/fuzz/grammar.ts';
import { dataOfJson } from './data.ts';
import { workflowLibrary } from './library.ts';
import { renderBootOption, renderWorkflow } from './render-workflow.ts';
import { TemplateError } from './run/template-error.ts';
import { type RenderOptions, Template } from './template.ts';
import { LimitError } from './value/error.ts';

type Outcome = { readonly output: string } | { readonly error: string };

/** Renders; anything thrown but a `TemplateError` with a place in the template fails the test. */
function render(template: string, data: unknown = {}, options?: RenderOptions): Outcome {
  try {
    const values = dataOfJson(JSON.stringify(data));
    return { output: Template.parse('t', template, workflowLibrary).render(values, options).toString('latin1') };
  } catch (error) {
    if (error instanceof LimitError) return { error: error.message };
    if (!(error instanceof TemplateError)) throw error;
    assert.ok(error.line >= 1 && error.column >= 0, error.message);
    assert.match(error.located, /^template: t:[0-9]+:[0-9]+: /);
    return { error: error.message };
  }
}

/** Templates of the grammar that is also held against real Go, with data for them. */
const seeded = fc.integer({ min: 0, max: 2 ** 31 }).map((seed) => {
  const random = new Random(seed);
  return { template: new Grammar(random).template(), data: anyData(random) };
});

const pieces = ['{{', '}}', '{{-', '-}}', '{{end}}', '{{else}}', '{{range .}}', '{{if .}}', '{{define "x"}}', '(', ')'];
const words = [
  '|',
  '.a',
  '$x',
  ':=',
  '"s"',
  '`',
  "'c'",
  '1',
  '-1e9',
  'printf',
  'index',
  '/*',
  '*/',
  '\n',
  '\u0000',
  'é',
];
const rubble = fc
  .array(fc.oneof(fc.constantFrom(...pieces, ...words), fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 25 })
  .map((parts) => parts.join(''));

describe('any template', () => {
  it('gives bytes or one error with line and column, whatever is in it', () => {
    fc.assert(
      fc.property(seeded, ({ template, data }) => void render(template, data)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(rubble, fc.jsonValue(), (template, data) => void render(template, { a: data })),
      { numRuns: 1000 },
    );
  });

  it('renders the same twice and leaves its data for the next', () => {
    const changing = /\b(?:set|unset|merge|mustMerge|mergeOverwrite|mustMergeOverwrite|sortAlpha)\b/;
    const random = /\b(?:rand|shuffle|uuid|bcrypt|htpasswd|encryptAES|ago|now)/;
    fc.assert(
      fc.property(seeded, ({ template, data }) => {
        fc.pre(!changing.test(template) && !random.test(template));
        const before = JSON.stringify(data);
        assert.deepEqual(render(template, data), render(template, data));
        assert.equal(JSON.stringify(data), before);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps to limits, however small', () => {
    const limit = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(seeded, limit, limit, fc.nat(50), ({ template, data }, outputBytes, steps, depth) => {
        const outcome = render(template, data, { limits: { outputBytes, steps, depth, workBytes: 100_000 } });
        if ('output' in outcome) assert.ok(outcome.output.length <= outputBytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the limits of rendering', () => {
  const nested = (open: string, close: string, count: number) => open.repeat(count) + close.repeat(count);
  const tooMuch: Record<string, [string, RegExp]> = {
    'an output of more than 256 KiB': ['{{range until 300}}{{repeat 1000 "x"}}{{end}}', /exceeds 262144 bytes/],
    'a loop of a billion': ['{{range until 1000000000}}{{end}}', /more than 2000000 steps/],
    'a loop over a number': ['{{range 1000000000}}{{end}}', /more than 2000000 steps/],
    'loops in loops': ['{{range until 2000}}{{range until 2000}}{{end}}{{end}}', /more than 2000000 steps/],
    'a text of a gigabyte': ['{{repeat 1000000000 "x" | len}}', /more than 67108864 bytes/],
    'a text doubled again and again': [
      '{{$s := "xxxx"}}{{range until 60}}{{$s = print $s $s}}{{end}}{{len $s}}',
      /more than 67108864 bytes/,
    ],
    'a wide field': ['{{range until 100}}{{$_ := printf "%999999d" 1}}{{end}}', /more than 67108864 bytes/],
    'a wide indent': ['{{indent 100000000 "x"}}', /more than 67108864 bytes/],
    'a template that calls itself': ['{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', /maximum template depth/],
    'a dict in itself': ['{{$d := dict}}{{$_ := set $d "d" $d}}{{$d}}', /nested/],
    'a dict in itself as YAML': ['{{$d := dict}}{{$_ := set $d "d" $d}}{{toYaml $d}}', /nested/],
    'a dict in itself, compared': [
      '{{$d := dict}}{{$_ := set $d "d" $d}}{{$e := dict}}{{$_ := set $e "d" $e}}{{deepEqual $d $e}}',
      /nested|steps/,
    ],
    'parentheses in parentheses': [`{{${nested('(', ')', 20_000)}}}`, /depth|nested/],
    'blocks in blocks': [`${'{{if 1}}'.repeat(20_000)}${'{{end}}'.repeat(20_000)}`, /depth|nested/],
    'a list in a list in a list': ['{{$x := list}}{{range until 600}}{{$x = list $x}}{{end}}{{$x}}', /nested/],
    'deep JSON': [`{{fromJson (print (repeat 100000 "[") (repeat 100000 "]")) | len}}`, /nested/],
    'deep YAML': [`{{fromYaml (print (repeat 100000 "[") (repeat 100000 "]")) | len}}`, /nested|YAML/],
    'YAML that grows by aliases': [
      `{{fromYaml "a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]" | toJson}}`,
      /alias|steps|bytes/,
    ],
    'a large repetition in an expression': [`{{mustRegexMatch "((a{100}){100}){100}" "x"}}`, /./],
    'hashes for a hundred passwords': ['{{range until 100}}{{bcrypt "x"}}{{end}}', /more than 2000000 steps/],
  };
  for (const [what, [template, message]] of Object.entries(tooMuch)) {
    it(`end ${what}`, () => {
      const outcome = render(template);
      assert.ok('error' in outcome, 'no error');
      assert.match(outcome.error, message);
    });
  }

  it('refuse data that is nested too deeply, and a workflow made of brackets', () => {
    const deeper: unknown = JSON.parse(nested('[', ']', 1500));
    const isRefused = (outcome: object, message: RegExp) => {
      assert.ok('error' in outcome && typeof outcome.error === 'string', 'no error');
      assert.match(outcome.error, message);
    };
    isRefused(render('x', deeper), /nested more than 500 deep/);
    isRefused(renderWorkflow('x', { hardware: { spec: deeper as object } }), /nested more than 500 deep/);
    isRefused(renderWorkflow('x', { hardware: {}, references: { deeper } }), /nested more than 500 deep/);
    isRefused(renderBootOption('{{.Hardware.Foo}}', { interfaces: deeper }), /Foo/);
    isRefused(renderWorkflow('{{repeat 100000 "["}}', { hardware: {} }), /./);
    isRefused(renderWorkflow('{{repeat 100000 "- "}}', { hardware: {} }), /./);
    isRefused(renderWorkflow('{{repeat 100000 "{a: "}}', { hardware: {} }), /./);
  });

  it('let an expression pass that takes others forever', () => {
    const template = '{{regexMatch "^(a*)*(a|a)*b$" (repeat 5000 "a")}} {{regexMatch "(x+x+)+y" (repeat 5000 "x")}}';
    assert.deepEqual(render(template), { output: 'false false' });
  });

  it('let exactly 256 KiB pass', () => {
    const outcome = render('{{range until 256}}{{repeat 1024 "x"}}{{end}}');
    assert.ok('output' in outcome && outcome.output.length === 256 * 1024);
  });
});

describe('JavaScript under a template', () => {
  const hidden = new Set(
    [{}, [], '', 0, 0n, true, Symbol.iterator, new Map(), new Set(), Buffer.alloc(0), () => undefined, new Error('x')]
      .flatMap((value) => chain(value))
      .concat(['entries', 'items', 'fields', 'value', 'native', 'methods', 'type', 'target', 'isNil', 'capacity']),
  );
  const names = [...hidden].filter((name) => /^[A-Za-z_]\w*$/.test(name));

  function chain(value: unknown): string[] {
    const prototype: unknown = Object.getPrototypeOf(Object(value));
    return prototype === null ? [] : [...Object.getOwnPropertyNames(prototype), ...chain(prototype)];
  }

  const data = {
    m: { a: 1 },
    l: [1, { b: 2 }],
    s: 'text',
    n: 1,
    t: true,
    nil: null,
    hardware: { spec: { disks: [{ device: '/dev/sda' }], interfaces: [{ dhcp: { mac: '02:00:00:00:00:01' } }] } },
  };
  const receivers = [
    ...['.', '.m', '.l', '.s', '.n', '.t', '.nil', '.hardware', '.Hardware', '(index .Hardware.Interfaces 0).DHCP'],
    ...['(semver "1.2.3")', '(toDate "2006" "2020")', '(list 1)', '(dict "a" 1)', '(until 3)', '1.5', '"s"', '$'],
  ];
  const forms: ((receiver: string, name: string) => string)[] = [
    (receiver, name) => `{{(${receiver}).${name}}}`,
    (receiver, name) => `{{$x := ${receiver}}}{{$x.${name}}}`,
    (receiver, name) => `{{(${receiver}).${name} 1}}`,
    (receiver, name) => `{{with ${receiver}}}{{.${name}.${name}}}{{end}}`,
    (receiver, name) => `{{index ${receiver} "${name}"}}`,
    (receiver, name) => `{{get ${receiver} "${name}"}}|`,
    (receiver, name) => `{{hasKey ${receiver} "${name}"}}`,
    (receiver, name) => `{{dig "${name}" "x" "none" ${receiver}}}`,
    (receiver, name) => `{{pluck "${name}" ${receiver}}} {{pick ${receiver} "${name}"}} {{omit ${receiver} "${name}"}}`,
    (receiver, name) => `{{unset ${receiver} "${name}"}}`,
    (receiver, name) => `{{call (${receiver}).${name}}}`,
  ];
  const plain = (outcome: Outcome, name: string) =>
    JSON.stringify(outcome).replace(new RegExp(`\\b${name}\\b`, 'g'), 'NAME');

  it('shows nothing of itself: its names are as unknown as any other', () => {
    assert.ok(names.includes('constructor') && names.includes('__proto__') && names.length > 100);
    const receiver = fc.constantFrom(...receivers);
    fc.assert(
      fc.property(receiver, fc.constantFrom(...names), fc.constantFrom(...forms), (of, name, form) => {
        const unknown = 'x'.repeat(name.length);
        const expected = JSON.stringify(render(form(of, unknown), data));
        // Of a word that is in the message anyway nothing can be said.
        fc.pre(!new RegExp(`\\b${name}\\b`).test(expected));
        assert.equal(plain(render(form(of, name), data), name), expected.replaceAll(unknown, 'NAME'));
      }),
      { numRuns: 3000, examples: receivers.map((of) => [of, 'constructor', forms[0] ?? assert.fail()]) },
    );
  });

  it('leaves its names to those who use them as keys', () => {
    const dangerous = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype');
    fc.assert(
      fc.property(dangerous, (name) => {
        const json: unknown = JSON.parse(`{"m": {"${name}": {"polluted": "yes"}}}`);
        assert.deepEqual(render(`{{.m.${name}.polluted}} {{index .m "${name}" "polluted"}} {{toJson .m}}`, json), {
          output: `yes yes {"${name}":{"polluted":"yes"}}`,
        });
        const made = `{{$d := dict "${name}" (dict "polluted" "yes")}}{{$_ := merge $d (fromJson \`{"${name}":{"more":1}}\`) (fromYaml "${name}: {even: more}")}}`;
        assert.deepEqual(render(`${made}{{$d}} {{set (dict) "${name}" 1}}`), {
          output: `map[${name}:map[even:more more:1 polluted:yes]] map[${name}:1]`,
        });
        assert.equal(Reflect.get({}, 'polluted') ?? Reflect.get({}, 'more'), undefined);
      }),
    );
  });

  it('has no function under its names', () => {
    for (const name of names) {
      const known = workflowLibrary.functions.has(name) || workflowLibrary.builtins.has(name);
      const reserved = /^(?:end|if|else|range|with|define|block|template|break|continue|nil|true|false)$/.test(name);
      if (known || reserved) continue;
      assert.deepEqual(render(`{{${name}}}`), { error: `template: t:1: function "${name}" not defined` });
    }
  });
});
