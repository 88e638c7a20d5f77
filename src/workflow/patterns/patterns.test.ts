import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { patternMatches } from './match-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import { names } from './pattern.ts';

function pattern(json: unknown) {
  const parsed = parsePattern(typeof json === 'string' ? json : JSON.stringify(json));
  return 'pattern' in parsed ? parsed.pattern : assert.fail(parsed.problems.join('\n'));
}

function problems(json: unknown): readonly string[] {
  const parsed = parsePattern(typeof json === 'string' ? json : JSON.stringify(json));
  return 'problems' in parsed ? parsed.problems : assert.fail('it is taken');
}

const matches = (json: unknown, event: unknown) => patternMatches(pattern(json), event);

/** One alternative against values that have it and values that have not. */
const alternatives: [alternative: unknown, has: unknown[], not: unknown[]][] = [
  ['a', ['a', ['b', 'a'], [[['a']]]], ['A', '', 1, null, true, [], {}, undefined, [{ x: 'a' }]]],
  ['', [''], ['a', null, false, 0]],
  [35, [35, 35.0, 3.5e1, -35 * -1], ['35', 36, true]],
  [true, [true], ['true', 1, false]],
  [false, [false], [null, 0, '']],
  [null, [null], ['null', 0, false, undefined]],
  [{ prefix: 'al' }, ['al', 'alpha'], ['', 'a', 'Al', 'xal', 5]],
  [{ prefix: '' }, ['', 'x'], [5, null]],
  [{ shellstyle: '*.jpg' }, ['.jpg', 'a.jpg', 'a\n.jpg.jpg'], ['a.jpg ', 'jpg', 'a.JPG']],
  [
    { shellstyle: 'https://example.*/*.jpg' },
    ['https://example.com/x.jpg', 'https://example./.jpg'],
    ['https://example.jpg'],
  ],
  [{ shellstyle: 'a\\*' }, ['a\\', 'a\\b'], ['a*']],
  [{ shellstyle: 'a*a' }, ['aa', 'aba'], ['a', 'ab']],
  [{ wildcard: '*' }, ['', 'anything', 'ü\n'], [1, null, true]],
  [{ wildcard: 'a*b*c' }, ['abc', 'a-b-c', 'abbcc', 'abcbc'], ['acb', 'ab', 'abcd']],
  [{ wildcard: 'a\\*b' }, ['a*b'], ['axb', 'a\\b', 'ab']],
  [{ wildcard: 'a\\\\*' }, ['a\\', 'a\\x'], ['a*', 'a']],
  [{ 'equals-ignore-case': 'Straße' }, ['STRAßE', 'straße'], ['STRASSE', 'strasse']],
  [{ 'anything-but': ['a', 'b'] }, ['c', '', ['a', 'c']], ['a', 'b', ['a', 'b'], 5, null, undefined]],
  [{ exists: true }, ['', 0, null, false, ['x']], [[], {}, undefined, [[]], { a: 1 }]],
  [{ exists: false }, [[], {}, undefined, { a: 1 }], ['', 0, null, ['x']]],
  [{ regexp: 'a.c' }, ['abc', 'a\nc', 'aüc', 'a😀c'], ['ac', 'xabc', 'abcx']],
  [{ regexp: 'a|b*' }, ['a', '', 'bbb'], ['ab', 'aa']],
  [{ regexp: '(ab)+c?' }, ['ab', 'ababc'], ['', 'c', 'abcc']],
  [{ regexp: '[a-cx]{2,3}' }, ['ab', 'xxx'], ['a', 'abcx', 'de']],
  [{ regexp: '[^0-9]+' }, ['ab', 'ü'], ['a1', '']],
  [{ regexp: '~.~*~~~[' }, ['.*~['], ['a*~[']],
  [{ regexp: '\\d^$' }, ['\\d^$'], ['5', '\\d']],
  [{ regexp: '~p{Lu}~P{L}' }, ['Ä1', 'A-'], ['aa', 'AA']],
  [{ regexp: '[~p{Nd}~-~n]+' }, ['1-\n٣'], ['a']],
  [{ regexp: '[-a-]' }, ['-', 'a'], ['b']],
  [{ regexp: '' }, [''], ['a']],
];

describe('a pattern', () => {
  for (const [alternative, has, not] of alternatives) {
    it(`with ${JSON.stringify(alternative)} matches what has it, and nothing else`, () => {
      for (const value of has) assert.ok(matches({ a: [alternative] }, { a: value }), JSON.stringify(value));
      for (const value of not) assert.ok(!matches({ a: [alternative] }, { a: value }), JSON.stringify(value));
    });
  }

  it('needs one of the alternatives of every field it names, and does not care for others', () => {
    const both = { cpu: { vendor: ['x', { prefix: 'y' }] }, memory: { total: [1, 2] } };
    assert.ok(matches(both, { cpu: { vendor: 'yes', more: 1 }, memory: { total: 2 }, other: [] }));
    assert.ok(!matches(both, { cpu: { vendor: 'yes' } }));
    assert.ok(!matches(both, { cpu: { vendor: 'no' }, memory: { total: 2 } }));
    assert.ok(!matches(both, { cpu: 'x', memory: { total: 2 } }));
  });

  it('wants what it says below a list from one and the same element', () => {
    const disk = { disks: { vendor: ['a'], size: [1] } };
    assert.ok(matches(disk, { disks: [{ vendor: 'b' }, [{ vendor: 'a', size: 1 }]] }));
    assert.ok(
      !matches(disk, {
        disks: [
          { vendor: 'a', size: 2 },
          { vendor: 'b', size: 1 },
        ],
      }),
    );
  });

  it('is not satisfied by anything when it has no alternatives, and by absence everywhere with exists: false', () => {
    assert.ok(!matches({ a: [] }, { a: [] }));
    assert.ok(!matches({ a: [] }, {}));
    assert.ok(matches({ a: { b: [{ exists: false }] }, c: [1] }, { c: 1 }));
    assert.ok(!matches({ a: { b: [{ exists: false }] } }, { a: [{ x: 1 }, { b: 2 }] }));
  });

  it('sees nothing of what objects inherit', () => {
    assert.ok(!matches({ toString: [{ exists: true }] }, {}));
    assert.ok(!matches('{"__proto__": {"a": [1]}}', { a: 1 }));
    assert.ok(matches('{"__proto__": {"a": [1]}}', JSON.parse('{"__proto__": {"a": 1}}')));
    for (const event of [null, 'text', 5, [], undefined]) assert.ok(!matches({ length: [{ exists: true }] }, event));
  });

  it('tells whether it has a condition on a field', () => {
    const some = pattern({ reference: { namespace: ['a'], resource: [{ exists: false }] }, source: ['x'] });
    assert.ok(names(some, 'reference', 'namespace'));
    assert.ok(names(some, 'reference', 'resource'));
    assert.ok(!names(some, 'reference', 'name'));
    assert.ok(!names(some, 'source', 'namespace'));
    assert.ok(!names(some, 'reference'));
  });

  const wrong: [what: unknown, ...rules: RegExp[]][] = [
    ['', /^it is no JSON: line 1, column 1/],
    ['{"a": [1}', /^it is no JSON: line 1, column 9/],
    ['[]', /^it has to be an object of fields/],
    ['5', /^it has to be an object of fields/],
    [{}, /^it has to name a field/],
    [{ a: {} }, /^a has to name a field/],
    [{ a: 'x' }, /^a has to be a list of values/],
    [{ a: { b: null }, c: 1 }, /^a\.b has to be a list/, /^c has to be a list/],
    [{ a: [[1]] }, /^a\[0\] has to be a value, not a list in a list/],
    [{ a: [{}] }, /^a\[0\] has to be a value, or an object with one of the keys prefix, /],
    [{ a: [{ numeric: ['=', 1] }] }, /^a\[0\] has to be a value, or an object/],
    [{ a: [{ prefix: 'a', exists: true }] }, /^a\[0\] has to be a value, or an object/],
    [{ a: [{ toString: 'a' }] }, /^a\[0\] has to be a value, or an object/],
    [{ a: [{ prefix: 1 }] }, /^a\[0\] "prefix" has to be a text/],
    [{ a: [{ exists: 'yes' }] }, /"exists" has to be true or false/],
    [{ a: [1, { exists: true }] }, /^a\[1\] "exists" has to stand alone/],
    [{ a: [{ 'anything-but': ['a'] }, 'b'] }, /"anything-but" has to stand alone/],
    [{ a: [{ 'anything-but': 'a' }] }, /"anything-but" has to be a list of texts/],
    [{ a: [{ 'anything-but': [] }] }, /not an empty one/],
    [{ a: [{ 'anything-but': [1] }] }, /"anything-but" has to be a list of texts/],
    [{ a: [{ wildcard: 'a**b' }] }, /"wildcard" has two stars side by side/],
    [{ a: [{ shellstyle: 'a**b' }] }, /"shellstyle" has two stars side by side/],
    [{ a: [{ wildcard: 'a\\b' }] }, /a backslash stands only before/],
    [{ a: [{ wildcard: 'a\\' }] }, /a backslash stands only before/],
    ...[
      '*',
      'a**',
      '(?i)a',
      'a{,2}',
      'a{2,1}',
      'a{99999}',
      '(a',
      'a)',
      '[',
      '[]',
      '[^]',
      '[b-a]',
      '[a-b-c]',
      '[[]',
      ']',
      '}',
      '~',
      '~d',
      '~p{Cs}',
      '~pL',
      'a|*',
      '[~d]',
    ].map((regexp): [unknown, RegExp] => [{ a: [{ regexp }] }, /^a\[0\] "regexp" is no I-Regexp .*\(character \d+\)$/]),
    [{ a: [{ regexp: '(a{1000}){1000}' }] }, /"regexp" cannot be used/],
    [`{"a": ["${'x'.repeat(9000)}"]}`, /^it has 9011 characters; a pattern has at most 8192/],
  ];
  for (const [what, ...rules] of wrong) {
    it(`is refused when it is ${JSON.stringify(what).slice(0, 60)}`, () => {
      const found = problems(what);
      assert.equal(found.length, rules.length, found.join('\n'));
      for (const [index, rule] of rules.entries()) assert.match(found[index] ?? '', rule);
    });
  }
});
