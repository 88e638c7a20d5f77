import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { LimitError } from '../template/value/error.ts';
import { defaultLimits, Meter } from '../template/value/meter.ts';
import { globMatches, parseWildcard } from './glob.ts';
import { patternMatches } from './match-pattern.ts';
import { parsePattern } from './parse-pattern.ts';

function pattern(json: unknown) {
  const parsed = parsePattern(JSON.stringify(json));
  return 'pattern' in parsed ? parsed.pattern : assert.fail(parsed.problems.join('\n'));
}

/** An event and the pattern that it is itself. */
const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
const { fields } = fc.letrec<{ fields: Record<string, unknown>; value: unknown }>((tie) => ({
  fields: fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { minKeys: 1, maxKeys: 4 }),
  value: fc.oneof({ maxDepth: 3 }, leaf, tie('fields')),
}));

function patternOf(event: object): object {
  const entries = Object.entries(event).map(([key, value]) => [
    key,
    typeof value === 'object' && value !== null ? patternOf(value) : [value],
  ]);
  return Object.fromEntries(entries);
}

/** What people mistype in patterns, and what they do not. */
const key = fc.oneof(
  fc.constantFrom(
    'prefix',
    'shellstyle',
    'wildcard',
    'equals-ignore-case',
    'exists',
    'anything-but',
    'regexp',
    'a',
    'b',
  ),
  fc.string({ maxLength: 3 }),
);
const text = fc.oneof(fc.string({ unit: fc.constantFrom(...'ab*\\~()[]{}|+?.-^1,pL'), maxLength: 20 }), fc.string());
const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    text,
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(key, tie('node'), { maxKeys: 3 }),
  ),
}));

describe('any pattern', () => {
  it('that repeats an event matches it, and not one in which a value is another', () => {
    fc.assert(
      fc.property(fields, (event) => {
        assert.ok(patternMatches(pattern(patternOf(event)), JSON.parse(JSON.stringify(event))));
        assert.ok(!patternMatches(pattern({ ...patternOf(event), more: ['x'] }), { ...event, more: 'y' }));
      }),
    );
  });

  it('with stars matches what the same regular expression matches', () => {
    const glob = fc.array(fc.constantFrom('a', 'b', '*', '\\*', '\\\\', 'ü'), { maxLength: 10 });
    const words = fc.string({ unit: fc.constantFrom(...'abü*\\'), maxLength: 12 });
    fc.assert(
      fc.property(glob, words, (pieces, word) => {
        const wildcard = parseWildcard(pieces.join(''));
        if ('problem' in wildcard) return assert.match(pieces.join(''), /\*\*/);
        const same = pieces.map((piece) => (piece === '*' ? '.*' : piece)).join('');
        assert.equal(globMatches(wildcard, word), new RegExp(`^(?:${same})$`, 'su').test(word));
      }),
      { numRuns: 1000 },
    );
  });

  it('with a regular expression matches what JavaScript says', () => {
    const { expression } = fc.letrec<{ expression: string; piece: string }>((tie) => ({
      piece: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '~.', '~p{L}', '[~p{Lu}b-c]'),
        tie('expression').map((inside) => `(${inside})`),
      ),
      expression: fc
        .array(fc.tuple(tie('piece'), fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}', '|')), { maxLength: 4 })
        .map((pieces) => pieces.flat().join('')),
    }));
    const words = fc.string({ unit: fc.constantFrom(...'abcA.\n😀'), maxLength: 8 });
    fc.assert(
      fc.property(expression, words, (regexp, word) => {
        const same = new RegExp(`^(?:${regexp.replaceAll('~', '\\')})$`, 'su').test(word);
        assert.equal(patternMatches(pattern({ a: [{ regexp }] }), { a: word }), same, regexp);
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused with a reason, and matches or does not', () => {
    fc.assert(
      fc.property(fc.dictionary(key, node), node, (json, event) => {
        const parsed = parsePattern(JSON.stringify(json));
        if ('problems' in parsed) assert.ok(parsed.problems.length > 0 && parsed.problems.every((rule) => rule !== ''));
        else assert.equal(typeof patternMatches(parsed.pattern, event), 'boolean');
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string(), (any) => assert.ok(parsePattern(any))));
  });
});

describe('a hostile pattern or event', () => {
  const nested = (depth: number, inside: string, open: string, close: string) =>
    open.repeat(depth) + inside + close.repeat(depth);

  it('may be as deep as it likes', () => {
    assert.ok(parsePattern(nested(1300, '[1]', '{"a":', '}')));
    assert.ok(parsePattern(`{"a":[{"regexp":"${nested(3000, 'a', '(', ')')}"}]}`));
    const deep = pattern({ a: [1] });
    assert.equal(patternMatches(deep, JSON.parse(`{"a":${nested(30_000, '1', '[', ']')}}`)), true);
    assert.equal(patternMatches(deep, JSON.parse(nested(30_000, '{"a":2}', '[', ']'))), false);
    assert.equal(patternMatches(deep, JSON.parse(nested(10_000, '2', '{"a":', '}'))), false);
  });

  it('with stars needs time linear in both', () => {
    const wildcard = `*${'a'.repeat(500)}b*`.repeat(9).replaceAll('**', '*');
    const stars = pattern({ a: [{ wildcard }, ...Array.from({ length: 100 }, () => ({ wildcard: '*aab*' }))] });
    assert.equal(patternMatches(stars, { a: 'a'.repeat(10_000) }), false);
  });

  it('ends when it would take too long', () => {
    const slow = pattern({ a: [{ regexp: '((a?){50}){10}b' }] });
    const meter = new Meter({ ...defaultLimits, steps: 100_000 });
    assert.throws(() => patternMatches(slow, { a: 'a'.repeat(50_000) }, meter), LimitError);
    const many = pattern({ a: { b: [{ prefix: 'x' }] } });
    const event = { a: Array.from({ length: 60_000 }, () => ({ b: 'y' })) };
    assert.throws(() => patternMatches(many, event, new Meter({ ...defaultLimits, steps: 100_000 })), LimitError);
  });
});
